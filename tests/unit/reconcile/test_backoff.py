from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.fakes import START
from trimtab.reconcile import backoff


def test_each_failure_doubles_the_wait():
    assert [backoff.after_failures(n).total_seconds() for n in range(5)] == [1, 2, 4, 8, 16]


@given(st.integers(min_value=0, max_value=10_000))
def test_no_wait_is_longer_than_five_minutes(failures):
    assert timedelta(seconds=1) <= backoff.after_failures(failures) <= timedelta(minutes=5)


@given(st.floats(min_value=0, max_value=1e7))
def test_what_fails_for_long_is_asked_more_seldom_but_at_least_once_a_minute(seconds):
    wait = backoff.while_failing(START, START + timedelta(seconds=seconds))
    assert timedelta(seconds=1) <= wait <= timedelta(minutes=1)
