"""The charts under real Helm 4, and what they render before a real API server."""

import uuid
from pathlib import Path

import pytest
import yaml

from tests.support.controlplane import control_plane
from tests.support.helm import Helm

__all__ = ["control_plane"]

VALUES = sorted((Path(__file__).parent / "values").glob("*.yaml"))


@pytest.fixture(scope="session")
def helm(tmp_path_factory):
    """Helm without a cluster."""
    return Helm.at(tmp_path_factory.mktemp("helm"))


@pytest.fixture
def make_namespace(control_plane):
    """Makes empty namespaces; they are deleted afterwards without waiting."""
    made = []

    def make():
        made.append(f"chart-{uuid.uuid4().hex[:10]}")
        control_plane.kubectl("create", "namespace", made[-1])
        return made[-1]

    yield make
    control_plane.kubectl("delete", "namespace", "--wait=false", *made, check=False)


@pytest.fixture
def namespace(make_namespace):
    """An empty namespace of the test's own."""
    return make_namespace()


@pytest.fixture(scope="session", params=VALUES, ids=lambda path: path.stem)
def values(request):
    """A test that asks for this, or for what follows from it, is run on each of the sets in `values/`."""
    return request.param


@pytest.fixture(scope="session")
def text(helm, values):
    """The chart as rendered for the values."""
    return helm.rendered("trimtab", values)


@pytest.fixture
def objects(text):
    """The objects in it; a test may change them."""
    return list(filter(None, yaml.load_all(text, yaml.CSafeLoader)))
