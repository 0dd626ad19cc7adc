"""One control plane, one outside, one nursery for all stories."""

from collections.abc import Callable, Iterator

import pytest

from tests.crash.story import Nursery, Story
from tests.support import outside
from tests.support.controlplane import control_plane

__all__ = ["control_plane"]


@pytest.fixture(scope="session")
def outside_server(tmp_path_factory) -> Iterator[outside.OutsideServer]:
    with outside.running(tmp_path_factory.mktemp("outside")) as server:
        yield server


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def story(control_plane, outside_server, nursery, tmp_path) -> Callable[..., Story]:
    def make(name: str, **told) -> Story:
        return Story(control_plane, outside_server, nursery, tmp_path / name, **told)

    return make
