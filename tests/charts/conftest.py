"""The charts under real Helm 4, and what they render before a real API server."""

from pathlib import Path

import pytest

from tests.support.controlplane import control_plane, namespace
from tests.support.helm import Helm

__all__ = ["control_plane", "namespace"]

VALUES = sorted((Path(__file__).parent / "values").glob("*.yaml"))


@pytest.fixture(scope="session")
def helm(tmp_path_factory):
    """Helm without a cluster."""
    return Helm.at(tmp_path_factory.mktemp("helm"))


def pytest_generate_tests(metafunc):
    """A test that asks for `values` is run on each of the sets in `values/`."""
    if "values" in metafunc.fixturenames:
        metafunc.parametrize("values", VALUES, ids=lambda path: path.stem)
