"""KubeRay's own kinds on a control plane, from its Go module; KubeRay itself is not there."""

import time
from collections.abc import Callable

from tests.support import gotools
from tests.support.controlplane import ControlPlane

_PLURALS = ("rayservices", "rayclusters")
_PATIENCE = 60.0


def install_crds(plane: ControlPlane) -> None:
    """Let the API server know RayServices and RayClusters; they are too large for a client-side apply."""
    folder = gotools.module(*gotools.KUBERAY) / "config" / "crd" / "bases"
    for plural in _PLURALS:
        plane.kubectl("apply", "--server-side", "-f", str(folder / f"ray.io_{plural}.yaml"))
    _until(lambda: all(plane.kubectl("get", plural, check=False).returncode == 0 for plural in _PLURALS))


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < end, "the API server does not serve KubeRay's kinds"
        time.sleep(0.3)
