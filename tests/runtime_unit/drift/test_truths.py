"""What the reference leaves possible, and what it says against the rest."""

import numpy as np
import pytest
from scipy import stats

from trimtab.drift.betting.observation import Observation
from trimtab.drift.betting.truths import credit_of_mean, credit_of_share, ladder
from trimtab.drift.reference.quantities import LEAST_BLOCKS, BlockReference, truth_of_share

ROWS = 200


@pytest.mark.parametrize("share", [0.002, 0.05, 0.5, 0.97])
def test_what_a_sample_says_against_the_true_share_is_worth_one_in_expectation(share):
    hits = np.arange(ROWS + 1.0)
    credit = credit_of_share(hits, np.full(hits.size, float(ROWS)), np.full((1, hits.size), share))[0]
    np.testing.assert_allclose(np.sum(np.exp(stats.binom.logpmf(hits, ROWS, share) + credit)), 1, rtol=1e-6)


@pytest.mark.parametrize("blocks", [8, 40])
def test_what_a_mean_of_blocks_says_against_the_true_mean_is_worth_one_in_expectation(blocks):
    steps = np.linspace(-400, 400, 400_001)
    credit = np.exp(credit_of_mean(steps[:, None], np.array([blocks - 1.0])))[:, 0]
    np.testing.assert_allclose(np.trapezoid(stats.t.pdf(steps, blocks - 1) * credit, steps), 1, rtol=1e-3)


@pytest.mark.parametrize("hits", [0.0, 3.0, 100.0])
def test_the_truth_is_beyond_a_rung_no_more_often_than_the_rung_says(hits):
    levels = ladder(10, 0.001)
    high = truth_of_share(np.array([hits]), np.array([float(ROWS)]), levels, 1)[:, 0]
    assert np.all(stats.binom.cdf(hits, ROWS, high) <= np.exp(-levels) * (1 + 1e-9))


def test_the_further_a_truth_is_the_more_speaks_against_it():
    hits, rows = np.array([0.0, 40.0]), np.full(2, float(ROWS))
    truths = truth_of_share(hits, rows, np.array([0.0, *ladder(10, 0.001)]), 1)
    assert np.all(np.diff(credit_of_share(hits, rows, truths), axis=0) > 0)


def blocks(means):
    return [Observation(mean, np.ones_like(mean)) for mean in means]


def test_too_few_blocks_leave_everything_possible():
    few = BlockReference.measure(blocks(np.random.default_rng(1).uniform(size=(LEAST_BLOCKS - 1, 1))))
    none = np.zeros(1)
    assert not few.claim(none, ladder(1, 0.001), (none, none + 1)).refutable.any()


def test_a_share_that_never_occurred_in_some_days_may_still_occur():
    never = BlockReference.measure(blocks(np.zeros((20, 1))))
    reach, _ = never.reach(np.array([3.0]))
    assert reach[0, 0] > 0.1


def test_a_share_that_was_the_same_in_all_blocks_is_no_certainty_whatever_its_digits():
    """The mean of three tenths is rounded, that of an eighth is not."""
    for share in (0.3, 0.125):
        blocks = [Observation(np.array([share * 4000]), np.array([4000.0])) for _ in range(10)]
        reach, _ = BlockReference.measure(blocks).reach(np.array([8.0]))
        assert reach[0, 0] > 0.3
