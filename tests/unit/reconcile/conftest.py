"""A world of fakes, and the loop over it."""

import pytest

from tests.support.driver import Driver
from tests.support.fakes import FakeWorld


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()


@pytest.fixture
def driver(world: FakeWorld) -> Driver:
    return Driver(world)
