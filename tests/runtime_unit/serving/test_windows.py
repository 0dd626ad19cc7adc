import pytest

from trimtab.api.inferenceservice import Window
from trimtab.serving.window import NUMBERED, next_number, window_of

DAY = Window(parameter="day")


@pytest.mark.parametrize(
    ("value", "window"),
    [
        ("2013-03-01", "2013-03-01"),
        (7, "00000000000000000007"),
        (None, None),
        ("", None),
        ("x" * 65, None),
        ("\ud800", None),
        ("a\nb", None),
        (10**20 - 1, "9" * 20),
        (10**20, None),
        (-1, None),
        (1.5, None),
        (True, None),
        (["a"], None),
    ],
)
def test_a_window_by_parameter_is_its_value(value, window):
    assert window_of(DAY, {"day": value}, 0.0) == window


def test_a_request_without_the_parameter_is_in_no_window():
    assert window_of(DAY, {}, 0.0) is None


def test_numbers_are_ordered_as_numbers():
    assert window_of(DAY, {"day": 9}, 0.0) < window_of(DAY, {"day": 10}, 0.0)


def test_a_window_by_duration_is_where_it_began():
    hour = Window(duration="1h")
    assert window_of(hour, {}, 3599.9) == window_of(hour, {}, 0.0) == "1970-01-01T00:00:00.000+00:00"
    assert window_of(hour, {}, 3600.0) == "1970-01-01T01:00:00.000+00:00"


@pytest.mark.parametrize(("duration", "window"), [("1h", "02"), ("1d", "02"), ("1w", "01")])
def test_a_window_by_duration_is_as_long_as_a_block_of_training_at_least(duration, window):
    told = window_of(Window(duration=duration), {}, 86400.0 + 7200.0, 86400.0)
    assert told == f"1970-01-{window}T00:00:00.000+00:00"


def test_windows_by_rows_are_numbered_by_the_monitor():
    assert window_of(Window(rows=50), {"day": "x"}, 0.0) == NUMBERED
    assert next_number(None) < next_number(next_number(None)) < next_number("9".zfill(20))
