"""One node for the session, and on it what the tests need; where none can run, they are skipped and say why."""

from collections.abc import Iterator

import pytest

from tests.node.machine import host
from tests.node.machine.node import Node, running
from tests.node.machine.traces import traces
from tests.node.platform import kuberay
from tests.node.platform.neighbours import Neighbours
from tests.node.platform.trimtab import Trimtab
from tests.support import images


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """A real node; when it is gone, the machine has to be as it was."""
    if reason := host.obstacle():
        pytest.skip(reason)
    before = traces()
    with running() as started:
        yield started
    left = traces() ^ before
    assert not left, f"the node left traces: {sorted(left)}"


@pytest.fixture(scope="session")
def neighbours(node) -> Neighbours:
    """MLflow and an object store."""
    return Neighbours.start(node)


@pytest.fixture(scope="session")
def ray(node) -> None:
    """KubeRay."""
    kuberay.install(node)


@pytest.fixture(scope="session")
def platform(neighbours, ray) -> Neighbours:  # noqa: ARG001 - KubeRay only has to be there
    """All that trimtab needs."""
    return neighbours


@pytest.fixture(scope="session")
def trimtab(node, platform) -> Trimtab:  # noqa: ARG001 - the same
    """trimtab, from our images and charts."""
    node.load(*(images.build(name).archive for name in images.IMAGES))
    installation = Trimtab(node)
    installation.install()
    return installation
