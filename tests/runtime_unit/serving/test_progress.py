"""When a window is over: a client that errs in its name must not end the windows of all others."""

import math

import pytest

from trimtab.api.inferenceservice import Window
from trimtab.serving.memory.progress import Progress, end_of, over

DAY, HOUR, ROWS = (end_of(Window(**window)) for window in ({"parameter": "day"}, {"duration": "1h"}, {"rows": 50}))
NOW = 1e9


def seen(window, requests=1, later=0, ago=0.0):
    return Progress(window, requests, later, NOW - ago)


@pytest.mark.parametrize("end", [DAY, HOUR, ROWS])
def test_the_newest_window_is_never_over(end):
    assert over([seen("1", ago=math.inf)], end, NOW) == []
    assert over([], end, NOW) == []


def test_one_later_name_ends_no_window_and_three_requests_in_a_row_do():
    assert over([seen("1", later=2), seen("9")], DAY, NOW) == []
    assert over([seen("1", later=3), seen("9")], DAY, NOW) == ["1"]


def test_a_window_of_many_requests_is_ended_by_a_share_of_them():
    assert over([seen("1", requests=1000, later=49), seen("2")], DAY, NOW) == []
    assert over([seen("1", requests=1000, later=50), seen("2")], DAY, NOW) == ["1"]


def test_a_window_is_over_when_it_was_quiet_for_long():
    assert over([seen("1", ago=3599), seen("2")], DAY, NOW) == []
    assert over([seen("1", ago=3601), seen("2")], DAY, NOW) == ["1"]


def test_windows_end_in_order():
    assert over([seen("1", later=2), seen("2", later=3), seen("3")], DAY, NOW) == []


def test_a_window_of_time_waits_for_replicas_that_were_kept_from_telling():
    assert over([seen("1", later=10**6, ago=29), seen("2")], HOUR, NOW) == []
    assert over([seen("1", ago=31), seen("2")], HOUR, NOW) == ["1"]


def test_a_window_of_rows_is_over_when_another_begins():
    assert over([seen("1", requests=1000), seen("2")], ROWS, NOW) == ["1"]
