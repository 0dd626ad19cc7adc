"""The judging benchmark sees what it is there to see."""

import numpy as np
import pytest

from benchmarks.drift import pairs
from benchmarks.drift.pairs import World, labels_and_chances
from benchmarks.drift.rows import judging

PAIRS = 30


def share(ended, how):
    return ended[how] / ended.total()


def test_the_judge_tells_equals_from_a_better_candidate():
    equals, better = (judging.ruled(judging.ALONE, noises, PAIRS) for noises in (judging.EQUAL, judging.BETTER))
    assert judging.wrong(equals) <= judging.MOST_WRONG
    assert share(equals, "Futile") >= judging.LEAST_FUTILE
    assert share(better, "Promote") >= judging.LEAST_PROMOTED


def test_losses_of_different_rows_miss_the_bars():
    equals, better = (
        judging.ruled(judging.ALONE, noises, PAIRS, pairs.unpaired) for noises in (judging.EQUAL, judging.BETTER)
    )
    assert share(equals, "Futile") < judging.LEAST_FUTILE
    assert share(better, "Promote") < judging.LEAST_PROMOTED


def test_days_taken_for_rows_that_stand_alone_miss_the_bar():
    days = World(windows=20, rows=500, days=True)
    assert judging.wrong(judging.ruled(days, judging.EQUAL, PAIRS, alone=True)) > 2 * judging.MOST_WRONG


def test_a_test_that_is_repeated_after_each_window_misses_the_bar():
    repeated = judging.naive(2 * PAIRS)["paired t-test after each window, wrong"]
    assert repeated > judging.MOST_WRONG


def test_the_better_candidate_is_two_points_more_accurate():
    before, now = pairs.accuracies(judging.BETTER, np.random.default_rng(1))
    assert now - before == pytest.approx(0.02, abs=0.003)


def test_the_days_of_the_benchmark_are_as_different_as_those_of_the_flights():
    """Late rates of the flights' days lie between 0.04 and 0.79, with a standard deviation of 0.147."""
    labels, _ = labels_and_chances(World(windows=400, rows=900, days=True), judging.EQUAL, np.random.default_rng(1))
    by_day = labels.mean(axis=1)
    assert by_day.std() == pytest.approx(0.147, abs=0.015)
    assert by_day.min() < 0.05
    assert by_day.max() > 0.7
