"""One node for the session, and on it what the tests need; where none can run, they are skipped and say why."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.node.machine import host
from tests.node.machine.node import Node, clear_up, running
from tests.node.machine.traces import traces
from tests.node.platform import kuberay
from tests.node.platform.neighbours import Neighbours
from tests.node.platform.trimtab import Trimtab
from tests.node.story.flights import Flights
from tests.support import images


@pytest.fixture(scope="session")
def node(ready_images) -> Iterator[Node]:  # noqa: ARG001 - what is built before need not share the processors
    """A real node; when it is gone, the machine has to be as it was."""
    if reason := host.obstacle():
        pytest.skip(reason)
    clear_up()
    before = traces()
    with running() as started:
        yield started
    left = traces() ^ before
    assert not left, f"the node left traces: {sorted(left)}"


@pytest.fixture(scope="session")
def ready_images() -> list[Path]:
    """Our images and the example's upon the trainer's, built by our Dockerfiles; what is built already is kept."""
    return [images.build("operator").archive, images.build("serving").archive, images.flights().archive]


@pytest.fixture(scope="session")
def platform(node, ready_images) -> Neighbours:
    """All that trimtab needs: KubeRay, MLflow and an object store, and our images on the node."""
    with ThreadPoolExecutor() as pool:
        neighbours = pool.submit(Neighbours.start, node)
        pool.submit(kuberay.install, node).result()
        node.load(*ready_images)
        return neighbours.result()


@pytest.fixture(scope="session")
def trimtab(node, platform) -> Trimtab:  # noqa: ARG001 - it only has to be there
    """trimtab, by its charts."""
    installation = Trimtab(node)
    installation.install()
    return installation


@pytest.fixture(scope="session")
def spring(trimtab, platform) -> dict[str, Any]:
    """What happened when March to May were lived through."""
    flights = Flights(trimtab, platform)
    flights.land()
    flights.apply()
    return flights.replay()
