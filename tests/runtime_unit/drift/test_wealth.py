"""The gamblers: rarely rich when nothing is to be won, soon rich when something is, however often one looks."""

import json

import numpy as np
import pytest

from trimtab.drift.betting.claim import BlockClaim, RowClaim
from trimtab.drift.betting.observation import Observation
from trimtab.drift.betting.truths import ladder
from trimtab.drift.betting.wealth import Terms, Wealth, start_weight
from trimtab.drift.reference.quantities import RowReference

ALPHA, STREAMS, WINDOWS, ROWS = 0.05, 300, 120, 100
SHARE, SPREAD = 0.3, 0.15


def rows_between(low, high):
    """The same claim for every stream; each stream is a quantity of its own with a whole capital."""
    ends = (np.full((1, STREAMS), end) for end in (low, high))
    return RowClaim.between(*ends, np.zeros((1, STREAMS, 2)))


def blocks_between(low, high):
    ends = [np.full((1, STREAMS), end) for end in (low, high)]
    return BlockClaim(*ends, np.zeros(STREAMS), np.ones(STREAMS), np.zeros((1, STREAMS, 2)))


def counted(seed, share=SHARE, windows=WINDOWS):
    """Windows of rows that stand alone."""
    hits = np.random.default_rng(seed).binomial(ROWS, share, (windows, STREAMS)).astype(float)
    return [Observation(window, np.full(STREAMS, float(ROWS))) for window in hits]


def blocked(seed, mean=SHARE, windows=WINDOWS):
    """Windows whose mean moves from one to the next, though nothing has changed."""
    values = np.random.default_rng(seed).normal(mean, SPREAD, (windows, STREAMS)).clip(0, 1)
    return [Observation(window * ROWS, np.full(STREAMS, float(ROWS))) for window in values]


def terms_of(claim, log_cap=np.inf):
    return Terms(claim, np.full((STREAMS, 2), 1 / 2), log_cap)


def of_each(wealth, terms):
    """Evidence of every stream alone."""
    return ((wealth.bets.mean(axis=1) * terms.credit).min(axis=0) * terms.prior).sum(axis=1)


def most(claim, windows):
    """The most that each stream's evidence ever was."""
    terms, wealth, found = terms_of(claim), Wealth.none(claim), np.zeros(STREAMS)
    for seen in windows:
        wealth = wealth.fold(terms, seen)
        found = np.maximum(found, of_each(wealth, terms))
    return found


def alarms(evidence):
    return float(np.mean(evidence >= 1 / ALPHA))


KINDS = pytest.mark.parametrize(("between", "windows"), [(rows_between, counted), (blocks_between, blocked)])


@KINDS
def test_evidence_seldom_reaches_one_over_alpha_when_the_claim_holds_to_the_point(between, windows):
    assert alarms(most(between(SHARE, SHARE), windows(1))) <= ALPHA


def test_a_rare_category_cries_wolf_no_more_often_than_a_common_one():
    assert alarms(most(rows_between(0.001, 0.001), counted(7, 0.001))) <= ALPHA


def test_a_z_test_looked_at_after_every_window_is_wrong_far_more_often():
    shares = np.array([seen.mean for seen in counted(1)])
    looks = np.arange(1, WINDOWS + 1)[:, None]
    z = (np.cumsum(shares, axis=0) / looks - SHARE) * np.sqrt(looks * ROWS / (SHARE * (1 - SHARE)))
    assert np.mean((np.abs(z) >= 1.96).any(axis=0)) > 4 * ALPHA


def test_rows_that_depend_on_one_another_must_not_be_counted_as_if_they_stood_alone():
    assert alarms(most(rows_between(SHARE, SHARE), blocked(2))) > 0.9


def referred(trusted):
    """Evidence where what is promised was itself counted, on ten windows' rows."""
    hits = np.random.default_rng(3).binomial(10 * ROWS, SHARE, STREAMS).astype(float)
    reference = RowReference(hits * trusted, np.full(STREAMS, 10.0 * ROWS * trusted))
    none = np.zeros(STREAMS)
    return most(reference.claim(none, ladder(1, ALPHA / 20), (none, none + 1)), counted(4))


def test_a_reference_of_few_rows_does_not_cry_wolf():
    assert alarms(referred(1)) <= ALPHA


def test_a_reference_that_is_taken_for_the_truth_does():
    assert alarms(referred(10**6)) > 4 * ALPHA


@KINDS
def test_a_change_in_the_middle_is_noticed_and_dated(between, windows):
    claim = between(SHARE - 0.05, SHARE + 0.05)
    terms, wealth = terms_of(claim), Wealth.none(claim)
    for seen in [*windows(2, windows=50), *windows(3, SHARE + 0.3, windows=40)]:
        wealth = wealth.fold(terms, seen)
    assert alarms(of_each(wealth, terms)) > 0.99
    assert abs(np.median(wealth.since[:, 0]) - 51) <= 2


@KINDS
def test_a_window_without_a_value_wins_and_loses_nothing(between, windows):
    claim = between(SHARE, SHARE)
    terms = terms_of(claim)
    wealth = Wealth.none(claim).fold(terms, windows(4)[0])
    after = wealth.fold(terms, Observation(np.zeros(STREAMS), np.zeros(STREAMS)))
    np.testing.assert_allclose(after.bets, wealth.bets + start_weight(2))


@KINDS
def test_an_alarm_lets_go_soon_after_a_long_drift_ends(between, windows):
    claim = between(SHARE - 0.05, SHARE + 0.05)
    terms = Terms(claim, np.full((STREAMS, 2), 1 / (2 * STREAMS)), float(np.log(10 / ALPHA)))
    wealth = Wealth.none(claim)
    for seen in [*windows(5, 0.8), *windows(6, windows=25)]:
        wealth = wealth.fold(terms, seen)
    assert wealth.evidence < 1 / ALPHA


def test_the_capital_of_all_entries_together_stays_below_one():
    entered = np.cumsum([start_weight(number) for number in range(1, 10_000)])
    assert entered[-1] < 1
    np.testing.assert_allclose(1 - entered[-1], np.sqrt(10 / 10_009))


@KINDS
def test_wealth_goes_on_from_its_json_to_the_last_bit(between, windows):
    claim = between(SHARE, SHARE)
    terms, first, *rest = terms_of(claim), *windows(8, windows=4)
    wealth = Wealth.none(claim).fold(terms, first)
    reread = Wealth.from_json(json.loads(json.dumps(wealth.to_json())))
    for seen in rest:
        wealth, reread = wealth.fold(terms, seen), reread.fold(terms, seen)
    assert wealth.to_json() == reread.to_json()
