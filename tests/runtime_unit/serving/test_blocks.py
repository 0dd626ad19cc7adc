"""Windows by rows are as long as a block of training at least: the monitor, which numbers them, sees to it."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support.models import draw, make_plan
from trimtab.api.inferenceservice import Monitoring, Window
from trimtab.drift import Profile, WindowCounts
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.intake import take
from trimtab.serving.memory.store import Store
from trimtab.serving.tee.messages import Batch, Counted
from trimtab.serving.window import NUMBERED

HOUR, DAY = 3600.0, 86400.0


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "monitor.sqlite")


def focus(versions, block_seconds):
    profile = replace(Profile.build(draw(400)[0], None, None), block_seconds=block_seconds)
    return Focus(make_plan(versions["1.0.0"], monitoring=Monitoring(window=Window(rows=100))), profile)


def filled(store, of, *hours, rows=100):
    """Rows of the newest window after as many rows came at each hour."""
    for hour in hours:
        counted = Counted(of.stream, NUMBERED, WindowCounts(rows, np.zeros(0, dtype=np.int64)))
        take(store, Batch("r", int(hour) + 1, (counted,)), of, hour * HOUR)
    return store.newest("counts", of.stream)[1]


def test_a_window_of_enough_rows_takes_more_until_the_block_is_over(store, versions):
    of = focus(versions, DAY)
    assert filled(store, of, *range(24)) == 2400
    assert filled(store, of, 24) == 100


def test_a_window_that_is_old_enough_takes_more_until_it_has_its_rows(store, versions):
    of = focus(versions, DAY)
    assert filled(store, of, 0, 30, 60, rows=40) == 120
    assert filled(store, of, 61, rows=40) == 40


def test_where_rows_stand_alone_it_ends_with_its_rows(store, versions):
    assert filled(store, focus(versions, 0.0), 0, 1) == 100


def test_while_the_profile_is_awaited_nobody_knows_whether_it_is_long_enough(store, versions):
    assert filled(store, replace(focus(versions, DAY), profile=None), 0, 48) == 200
