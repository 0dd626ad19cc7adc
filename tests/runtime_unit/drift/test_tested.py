"""Detectors of others as evidence: p-values may be looked at after every window, if the reference is renewed."""

from math import erfc, sqrt

import numpy as np
import pytest

from trimtab.drift import Profile, Watch, WatchSettings
from trimtab.drift.watching.tested import UniformClaim, renewed, told

ROWS, FEATURES, RATE = 60, 2, 0.05


def profile(seed=0):
    random = np.random.default_rng(seed)
    numbers = {f"x{at}": random.normal(size=2 * ROWS) for at in range(FEATURES)}
    return Profile.build({**numbers, "c": random.choice(["red", "blue"], 2 * ROWS).astype(object)}, None, None)


def settings(detector="KSDrift"):
    return WatchSettings(false_alarm_rate=RATE, detector=detector)


def rank_sums(reference, window):
    """P-values of Wilcoxon's test, one of each number; exact enough, and faster than scipy's."""
    ranks = np.argsort(np.argsort(np.concatenate([reference, window]), axis=0), axis=0)[len(reference) :] + 1
    rows, of = len(window), len(reference) + len(window)
    spread = sqrt(rows * len(reference) * (of + 1) / 12)
    return [erfc(abs(z) / sqrt(2)) for z in (ranks.sum(axis=0) - rows * (of + 1) / 2) / spread]


def watched(seed, windows, *, shift=0.0, since=0, renew=renewed):
    """Windows that held an alarm, and the last verdict, of a stream whose first number moves."""
    random, learnt = np.random.default_rng([1, seed]), profile(seed)
    watch, reference, alarms = Watch.start(learnt, settings()), learnt.sample.rows[:, :FEATURES], []
    for number in range(windows):
        window = random.normal(size=(ROWS, FEATURES)).astype(np.float32)
        window[:, 0] += shift if number >= since else 0.0
        watch = watch.fold_tested(str(number), rank_sums(reference, window))
        if watch.data_verdict.drifted:
            alarms.append(number)
        else:
            reference = renew(reference, window, str(number))
    return alarms, watch.data_verdict


def test_streams_that_stand_still_cry_wolf_no_more_than_promised_for_ever():
    assert np.mean([bool(watched(seed, 100)[0]) for seed in range(60)]) <= RATE


def test_against_one_fixed_reference_its_own_error_would_cry_wolf():
    assert np.mean([bool(watched(seed, 100, renew=lambda rows, *_: rows)[0]) for seed in range(20)]) > 3 * RATE


def test_a_change_is_seen_dated_named_and_held_on_to():
    alarms, verdict = watched(3, 40, shift=1.0, since=20)
    assert alarms == list(range(alarms[0], 40))
    assert 20 <= alarms[0] <= 24
    assert verdict.findings[0].subject == "x0"
    assert verdict.findings[0].since == "20"
    assert verdict.findings[0].live < 0.05


@pytest.mark.parametrize(
    ("detector", "subjects"),
    [
        ("KSDrift", ("x0", "x1")),
        ("ChiSquareDrift", ("c",)),
        ("TabularDrift", ("x0", "x1", "c")),
        ("MMDDrift", ("(joint)",)),
    ],
)
def test_each_detector_looks_at_what_it_can(detector, subjects):
    assert Watch.start(profile(), settings(detector)).sides[0].subjects == subjects


def test_a_bet_is_worth_no_more_than_one_in_expectation_where_p_is_uniform():
    p_values = (np.arange(100_000) + 0.5) / 100_000
    bets = np.exp(UniformClaim(p_values.size).log_factors(told(p_values))[0, :, :, 1]).mean(axis=1)
    assert np.all((bets > 0.6) & (bets <= 1.0))


def test_a_subject_without_a_p_value_neither_wins_nor_loses():
    assert UniformClaim(2).log_factors(told([np.nan, 0.01]))[0, :, 0].tolist() == [[0, 0]] * 3


def test_a_p_value_of_nothing_is_no_infinity():
    assert np.all(np.isfinite(UniformClaim(1).log_factors(told([0.0]))))


def test_a_version_that_kept_no_rows_is_not_tested():
    old = Profile.from_json({**profile().to_json(), "sample": None})
    assert Watch.start(old, settings()).data_verdict.kind == "Unknown"


def test_the_evidence_goes_on_after_a_restart():
    watch = Watch.start(profile(), settings()).fold_tested("1", [0.001, 0.5])
    again = Watch.from_json(watch.profile, watch.settings, watch.to_json()).fold_tested("2", [0.001, 0.5])
    assert again.data_verdict == watch.fold_tested("2", [0.001, 0.5]).data_verdict
