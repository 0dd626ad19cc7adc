"""Loss and calibration of rows that stand alone: exact whatever is labelled, how much of it, and in which order."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from trimtab.drift import LabelSums, Outcomes, Profile, Watch, WatchSettings
from trimtab.drift.betting.means import MeanReference
from trimtab.drift.betting.observation import Observation
from trimtab.drift.betting.truths import ladder
from trimtab.drift.reference.profile import outcome_sums, split
from trimtab.drift.reference.quantities import BlockReference

STREAMS, WINDOWS, LABELS, REFERENCE = 20, 60, 60, 40_000
STRICT = WatchSettings(false_alarm_rate=0.05, data_tolerance=None, loss_tolerance=0.0, calibration_tolerance=0.0)


def answered(random, rows, late=0.0):
    chances = random.beta(2, 4, rows)
    return (random.random(rows) < np.clip(chances + late, 0, 1)).astype(int), chances


def promised(random, rows=REFERENCE):
    labels, chances = answered(random, rows)
    return Profile.build({"x": chances}, None, Outcomes(labels, chances))


def in_groups(profile, random):
    """Plant the bug that was: groups of the reference's rows, many times larger than a window's, are its windows."""
    labels, chances = answered(random, REFERENCE)
    groups = [outcome_sums(LabelSums.of(labels[rows], chances[rows])) for rows in split(None, REFERENCE)]
    measured = BlockReference.measure(groups)
    return replace(profile, outcomes=replace(measured, rows=np.zeros_like(measured.rows)))


def verdicts(profile, windows):
    watch = Watch.start(profile, STRICT)
    for number, (labels, chances) in enumerate(windows):
        watch, verdict = watch.fold_labels(f"{number:04}", LabelSums.of(labels, chances))
        yield verdict


def alarms(planted=lambda profile, _: profile):
    found = 0
    for seed in range(STREAMS):
        random = np.random.default_rng(seed)
        profile = planted(promised(random), random)
        found += any(v.drifted for v in verdicts(profile, [answered(random, LABELS) for _ in range(WINDOWS)]))
    return found


def test_windows_of_few_labels_do_not_cry_wolf_beside_a_reference_of_many():
    assert alarms() <= 2


def test_a_reference_in_groups_larger_than_a_window_does():
    assert alarms(in_groups) > 4 * STRICT.false_alarm_rate * STREAMS


def test_what_comes_true_more_often_than_it_was_promised_is_seen_and_named():
    random = np.random.default_rng(1)
    *_, last = verdicts(promised(random), [answered(random, 200, late=0.1) for _ in range(12)])
    assert last.kind == "ConceptDrift"
    assert last.findings[0].subject == "calibration"


def test_a_promise_of_few_rows_is_a_wide_one():
    random = np.random.default_rng(2)
    few, many = (promised(random, rows).outcomes for rows in (500, 50_000))
    bounds, levels = (np.array([0.0, -1.0]), np.array([14.0, 1.0])), np.array([5.0])
    widths = [each.truths(levels, bounds, 1) - each.mean for each in (few, many)]
    assert (widths[0] > 5 * widths[1]).all()


@pytest.mark.parametrize("side", [1, -1])
def test_the_truth_is_seldom_beyond_a_rung(side):
    """A value that is seldom large, as a loss is: the hardest for whoever trusts a normal mean."""
    share, level, samples = 0.02, 3.0, 1_000
    hits = np.random.default_rng(5).binomial(200, share, samples).astype(float)
    reference = MeanReference.measure(Observation(hits, np.full(samples, 200.0)))
    truths = reference.truths(np.array([level]), (np.zeros(samples), np.ones(samples)), side)
    assert np.mean(side * (share - truths) > 0) <= np.exp(-level)


def test_labels_that_come_in_another_order_and_in_other_parts_change_no_bit_of_the_verdict():
    random = np.random.default_rng(3)
    profile = promised(random)
    windows = [answered(random, LABELS, late=0.1) for _ in range(15)]
    told = []
    for seed in (None, 1, 2):
        watch = Watch.start(profile, STRICT)
        for number, window in enumerate(windows):
            order = np.arange(LABELS) if seed is None else np.random.default_rng([seed, number]).permutation(LABELS)
            parts = np.split(order, [] if seed is None else [7, 7, 40])
            sums = sum((LabelSums.of(*(column[part] for column in window)) for part in parts), LabelSums())
            watch, _ = watch.fold_labels(f"{number:04}", sums)
        told.append(json.dumps(watch.to_json()))
    assert told[0] == told[1] == told[2]


def test_the_promise_is_read_as_it_was_written():
    profile = promised(np.random.default_rng(4), 2_000)
    reread = Profile.from_json(json.loads(json.dumps(profile.to_json())))
    assert isinstance(reread.outcomes, MeanReference)
    assert reread.to_json() == profile.to_json()


@pytest.mark.parametrize("rows", [20, 100, 500])
def test_what_a_reference_says_against_the_true_mean_is_worth_no_more_than_one_in_expectation(rows):
    """Of rows that are 0 or 1, all that can be seen is counted up."""
    truth, levels = 0.3, ladder(2, 0.001)
    hits = np.arange(rows + 1.0)
    reference = MeanReference(np.full(hits.size, float(rows)), hits, hits)
    claim = reference.claim(np.zeros(hits.size), levels, (np.zeros(hits.size), np.ones(hits.size)))
    for side, beyond in ((0, claim.high < truth), (1, claim.low > truth)):
        rung = np.sum(beyond, axis=0)
        credit = np.exp(claim.log_credit[np.minimum(rung, levels.size - 1), np.arange(hits.size), side])
        assert np.sum(stats.binom.pmf(hits, rows, truth) * credit) <= 1 + 1e-9


def test_a_probability_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        LabelSums.of([1, 0], [np.nan, 0.5])
