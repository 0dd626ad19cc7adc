"""Performance without labels: right while the concept stands, wrong when it moves, and exact over replicas."""

import json
from dataclasses import replace

import numpy as np
import pytest

from trimtab.drift import PREDICTION, Calibration, Outcomes, Profile, WindowCounts, count
from trimtab.drift.reference.profile import split
from trimtab.training.judgement.metrics import measure

ROWS, WINDOW = 5_000, 1_000
SURE = 4.0
"""Standard errors that no window of these fixed seeds may be off by."""


def world(seed, rows=WINDOW, *, shift=0.0, concept=0.0, boast=1.0, mood=0.0):
    """Labels, and the scores of a model that knows the log odds, but says `boast` times as much of them."""
    random = np.random.default_rng(seed)
    odds = random.normal(-1 + shift, 1.5, rows)
    labels = random.random(rows) < 1 / (1 + np.exp(-odds - mood - concept))
    return labels.astype(int), (1 / (1 + np.exp(-odds * boast))).astype(np.float32)


def calibrated(seed=0, rows=ROWS, **how):
    labels, scores = world(seed, rows, **how)
    return Calibration.of(labels, scores, list(split(None, rows)))


def off(calibration, labels, scores):
    """By how many of its standard errors each estimate is off what the labels say, by metric."""
    truth = measure(labels, scores.astype(np.float64))
    estimates = calibration.estimate(calibration.tally(scores))
    return {each.metric: (each.value - truth[each.metric]) / each.error for each in estimates}


def worst(calibration, seeds, **how):
    return max(abs(far) for seed in seeds for far in off(calibration, *world(seed, **how)).values())


@pytest.mark.parametrize("shift", [0.0, 1.0, -1.5])
@pytest.mark.parametrize("boast", [1.0, 2.0])
def test_where_only_the_inputs_move_estimates_are_within_their_errors_of_what_the_labels_say(shift, boast):
    assert worst(calibrated(boast=boast), range(10, 20), shift=shift, boast=boast) < SURE


def test_the_error_is_as_large_as_estimates_are_off_and_no_larger():
    found = [list(off(calibrated(seed), *world(seed + 1000, shift=1.0)).values()) for seed in range(40)]
    assert np.all(np.abs(np.std(found, axis=0) - 1) < 0.3)


def test_scores_taken_at_their_word_would_be_told_wrong():
    """The planted bug: the calibration believes each bin's mean score, and not what came true."""
    right = calibrated(boast=2.0)
    _, scores = world(0, ROWS, boast=2.0)
    bins = np.searchsorted(right.edges, scores)
    believed = replace(right, ones=np.rint(np.bincount(bins, scores, right.size)).astype(np.int64))
    assert worst(right, range(10, 14), shift=1.0, boast=2.0) < SURE
    assert worst(believed, range(10, 14), shift=1.0, boast=2.0) > 2 * SURE


def test_when_the_concept_moves_the_estimate_stays_what_it_was_and_is_wrong():
    still = calibrated()
    assert worst(still, range(10, 14), concept=1.5) > 2 * SURE
    told, promised = (
        [getattr(each, key) for each in still.estimate(still.tally(world(9, concept=1.5)[1]))]
        for key in ("value", "promised")
    )
    assert np.allclose(told, promised, atol=0.03)


def test_days_with_moods_make_estimates_less_certain():
    random = np.random.default_rng(3)
    days = [world(seed, 300, mood=random.normal(0, 0.8)) for seed in range(40)]
    labels, scores = (np.concatenate(part) for part in zip(*days, strict=True))
    by_day = Calibration.of(labels, scores, list(split(np.repeat(np.arange(40), 300), labels.size)))
    mixed = random.permutation(labels.size)
    alone = Calibration.of(labels[mixed], scores[mixed], list(split(None, labels.size)))
    moods = [off(by_day, *world(seed, 300, mood=random.normal(0, 0.8))) for seed in range(100, 130)]
    assert max(abs(far) for each in moods for far in each.values()) < SURE
    errors = [[each.error for each in of.estimate(of.tally(scores[:300]))] for of in (by_day, alone)]
    assert errors[0][0] > 2 * errors[1][0]


def test_what_was_held_out_is_estimated_as_it_was_measured():
    labels, scores = world(0, ROWS)
    truth, calibration = measure(labels, scores.astype(np.float64)), calibrated()
    for each in calibration.estimate(calibration.tally(scores)):
        assert each.value == pytest.approx(each.promised)
        assert each.promised == pytest.approx(truth[each.metric], abs=0.003)


def test_a_window_in_parts_is_told_as_the_whole_to_the_last_bit():
    calibration, (_, scores) = calibrated(), world(7)
    parts = [calibration.tally(part) for part in np.split(scores, [13, 400, 401])]
    assert calibration.estimate(sum(parts)) == calibration.estimate(calibration.tally(scores))


def test_rows_without_an_answer_and_windows_without_rows_say_nothing():
    calibration = calibrated()
    assert not calibration.tally(np.full(10, np.nan, dtype=np.float32)).any()
    assert calibration.estimate(np.zeros(calibration.size, dtype=np.int64)) == ()


@pytest.mark.parametrize(("rows", "labels"), [(300, None), (ROWS, 0), (ROWS, 1)])
def test_too_few_blocks_or_labels_of_one_kind_promise_nothing(rows, labels):
    drawn, scores = world(0, rows)
    truth = drawn if labels is None else np.full(rows, labels)
    assert Calibration.of(truth, scores, list(split(None, rows))) is None


def test_a_model_that_says_the_same_of_all_rows_ranks_none():
    labels = (np.random.default_rng(1).random(ROWS) < 0.3).astype(int)
    calibration = Calibration.of(labels, np.full(ROWS, 0.3), list(split(None, ROWS)))
    told = {each.metric: each.value for each in calibration.estimate(np.array([WINDOW]))}
    assert told["auc"] == pytest.approx(0.5)
    assert told["accuracy"] == pytest.approx(1 - labels.mean())


def profile():
    labels, scores = world(0, ROWS)
    return Profile.build({"x": np.arange(ROWS, dtype=np.float32)}, None, Outcomes(labels, scores))


def test_a_profile_keeps_what_scores_mean_and_a_window_counts_them():
    promised = Profile.from_json(json.loads(json.dumps(profile().to_json())))
    _, scores = world(7)
    counts = WindowCounts.from_json(count(promised, {"x": scores, PREDICTION: scores}).to_json())
    assert counts.scores.sum() == WINDOW
    assert promised.calibration.estimate(counts.scores) == profile().calibration.estimate(counts.scores)


def test_a_profile_of_an_earlier_release_is_read_and_knows_no_scores():
    earlier = profile().to_json()
    del earlier["calibration"]
    counts = count(Profile.from_json(earlier), {"x": np.zeros(5, np.float32), PREDICTION: np.zeros(5, np.float32)})
    assert counts.scores.size == 0


def test_what_a_replica_of_an_earlier_release_counted_is_merged():
    _, scores = world(7)
    known = count(profile(), {"x": scores, PREDICTION: scores})
    earlier = replace(known, scores=np.zeros(0, dtype=np.int64))
    assert earlier.merge(known).scores.sum() == known.merge(earlier).scores.sum() == WINDOW
    assert earlier.merge(earlier).scores.size == 0
