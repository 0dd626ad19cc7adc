"""The interval that holds at every block at once."""

import numpy as np

from trimtab.drift.judging.interval import Interval

ERROR, STREAMS, BLOCKS = 0.05, 200, 150


def missed(seed, mean):
    """Whether the interval ever lost the mean of a stream of coin-like values."""
    interval = Interval(-1.0, 1.0, ERROR)
    for value in np.random.default_rng(seed).choice([-1.0, 1.0], BLOCKS, p=[(1 - mean) / 2, (1 + mean) / 2]):
        interval = interval.fold(float(value))
        low, high = interval.ends
        if not low <= mean <= high:
            return True
    return False


def test_the_mean_is_seldom_outside_at_any_block():
    assert np.mean([missed(seed, 0.2) for seed in range(STREAMS)]) <= ERROR


def test_the_interval_narrows_around_what_it_sees():
    interval = Interval(0.0, 1.0, ERROR)
    for value in np.random.default_rng(1).normal(0.4, 0.02, 300):
        interval = interval.fold(float(value))
    low, high = interval.ends
    assert low > 0.35
    assert high < 0.45


def test_before_the_first_block_everything_is_possible():
    assert Interval(-0.1, 0.1, ERROR).ends == (-0.1, 0.1)
    assert Interval(-0.1, 0.1, ERROR).estimate is None
