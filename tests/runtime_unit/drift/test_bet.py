"""The gambler: rarely rich when nothing is to be won, soon rich when something is, however often one looks."""

from dataclasses import replace

import numpy as np

from trimtab.drift import bet
from trimtab.drift.bet import Null, Wealth

ALPHA, STREAMS, BLOCKS = 0.05, 400, 150
CENTRE, SPREAD = 0.3, 0.15


def blocks(seed, centre=CENTRE, count=BLOCKS):
    """Values of one quantity for many streams at once, shape (blocks, streams)."""
    return np.random.default_rng(seed).normal(centre, SPREAD, (count, STREAMS)).clip(0, 1)


def null(low, high):
    """The same claim for every stream; each stream is a quantity of its own with a whole capital."""
    alike = np.ones(STREAMS)
    prior = np.full((STREAMS, 2), 1 / 2)
    return Null(alike * low, alike * high, alike * 0.0, alike * 1.0, prior)


def richest(claim, values):
    """The most that each stream's wealth ever was, as a logarithm."""
    wealth, most = Wealth.none(STREAMS), np.full(STREAMS, -np.inf)
    for block in values:
        wealth = bet.detect(wealth, claim, block, np.inf)
        most = np.maximum(most, np.logaddexp.reduce(bet.log_e_values(wealth, claim), axis=1))
    return most


def ever(alarms):
    return float(np.mean(alarms))


def test_wealth_seldom_reaches_one_over_alpha_when_the_claim_holds_to_the_point():
    assert ever(richest(null(CENTRE, CENTRE), blocks(1)) >= -np.log(ALPHA)) <= ALPHA


def test_a_z_test_looked_at_after_every_block_is_wrong_far_more_often():
    values = blocks(1)
    looks = np.arange(1, BLOCKS + 1)[:, None]
    z = (np.cumsum(values, axis=0) / looks - CENTRE) * np.sqrt(looks) / SPREAD
    assert ever((np.abs(z) >= 1.96).any(axis=0)) > 4 * ALPHA


def test_a_change_in_the_middle_is_noticed_and_dated():
    values = np.concatenate([blocks(2, count=50), blocks(3, CENTRE + 0.3, count=40)])
    claim, wealth = null(CENTRE - 0.05, CENTRE + 0.05), Wealth.none(STREAMS)
    for block in values:
        wealth = bet.detect(wealth, claim, block, np.inf)
    assert ever(np.logaddexp.reduce(bet.log_e_values(wealth, claim), axis=1) >= -np.log(ALPHA)) > 0.99
    assert abs(np.median(wealth.since[:, 0]) - 51) <= 2


def test_a_block_without_a_value_wins_and_loses_nothing():
    claim = null(CENTRE, CENTRE)
    wealth = bet.accumulate(Wealth.none(STREAMS), claim, blocks(4)[0])
    after = bet.accumulate(wealth, claim, np.full(STREAMS, np.nan))
    np.testing.assert_array_equal(after.log, wealth.log)


def test_an_alarm_lets_go_soon_after_a_long_drift_ends():
    claim, cap = null(CENTRE - 0.05, CENTRE + 0.05), np.log(10 / ALPHA)
    claim = replace(claim, prior=claim.prior / STREAMS)
    wealth = Wealth.none(STREAMS)
    for block in np.concatenate([blocks(5, 0.8), blocks(6, count=25)]):
        wealth = bet.detect(wealth, claim, block, cap)
    assert bet.log_sum(bet.log_e_values(wealth, claim)) < -np.log(ALPHA)


def test_the_capital_of_all_entries_together_stays_below_one():
    entered = np.cumsum([np.exp(bet.log_start_weight(number)) for number in range(1, 10_000)])
    assert entered[-1] < 1
    np.testing.assert_allclose(1 - entered[-1], 10_000**-0.5)
