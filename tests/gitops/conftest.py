"""A world of fakes, from which the objects come that are judged: their status is what the operator really writes."""

import copy

import pytest

from tests.support.driver import Driver
from tests.support.fakes import FakeWorld
from trimtab.api.crd import NOT_SEEN


@pytest.fixture
def world():
    return FakeWorld()


@pytest.fixture
def driver(world):
    return Driver(world)


@pytest.fixture
def stored(driver):
    """An object as the API server has it."""

    def look(kind, name):
        return {"status": NOT_SEEN, **copy.deepcopy(driver.get(kind, name))}

    return look
