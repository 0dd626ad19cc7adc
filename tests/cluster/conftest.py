"""The cluster tests run against a real API server."""

from tests.support.controlplane import control_plane, namespace

__all__ = ["control_plane", "namespace"]
