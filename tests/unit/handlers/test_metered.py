"""What the operator tells Prometheus of its calls to the outside."""

import pytest

from tests.support.fakes import FakeWorld
from trimtab.errors import Retry
from trimtab.handlers.metered import metered
from trimtab.handlers.metrics import Metrics
from trimtab.keys import RunKey

KEY = RunKey("default", "late")


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def world():
    return FakeWorld()


async def test_a_call_that_was_answered_is_counted_as_done(world, metrics):
    assert await metered(world.ports, metrics.called).pipelines.find(KEY) is None
    assert _count("pipelines", "find", "done") in metrics.text().decode()


async def test_a_call_that_failed_is_counted_by_its_error_and_fails_all_the_same(world, metrics):
    world.pipelines.down = True
    with pytest.raises(Retry):
        await metered(world.ports, metrics.called).pipelines.find(KEY)
    assert _count("pipelines", "find", "retry") in metrics.text().decode()


def _count(port: str, call: str, outcome: str) -> str:
    return f'trimtab_call_duration_seconds_count{{call="{call}",outcome="{outcome}",port="{port}"}} 1.0'
