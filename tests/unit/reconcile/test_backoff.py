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


@given(st.lists(st.floats(min_value=0.5, max_value=1.9), min_size=70, max_size=90))
def test_what_is_tried_at_intervals_is_tried_in_each_of_them_and_not_at_each_look(gaps):
    poll, every = timedelta(seconds=1), timedelta(seconds=30)
    looks = [START + timedelta(seconds=sum(gaps[: n + 1])) for n in range(len(gaps))]
    due = [look for look in looks if backoff.is_due(START, look, poll, every)]
    passed = {(look - START) // every for look in looks} - {0}
    assert {(look - START) // every for look in due} == passed
    assert len(due) <= 4 * len(passed)
