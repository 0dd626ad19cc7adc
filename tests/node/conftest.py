"""One node for the session; where none can run, its tests are skipped and say why."""

from collections.abc import Iterator

import pytest

from tests.node.machine import host
from tests.node.machine.node import Node, running
from tests.node.machine.traces import traces


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
