"""The row on estimates without labels: right for ours, and missed by one that takes scores at their word."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.drift.histories import History
from benchmarks.drift.rows import estimate
from trimtab.drift import Outcomes, Profile

ROWS, MONTHS, WINDOW = 6_000, 6, 600


def boastful(random, rows, shift=0.0):
    """Labels, the chances that a model says, and those that it should have said."""
    odds = random.normal(shift - 1, 1.5, rows)
    chance = 1 / (1 + np.exp(-odds))
    return (random.random(rows) < chance).astype(int), 1 / (1 + np.exp(-2 * odds)), chance


def moved():
    """Six months in which the inputs move more and more; and what one who knew each chance would expect."""
    random = np.random.default_rng(1)
    kept = Outcomes(*boastful(random, ROWS)[:2])
    months = [boastful(random, ROWS, shift) for shift in np.linspace(0.5, 1.5, MONTHS)]
    labels, said, chances = (np.concatenate(part) for part in zip(*months, strict=True))
    periods, windows = np.repeat(np.arange(MONTHS), ROWS), np.arange(MONTHS * ROWS) // WINDOW
    history = History(
        "made", Profile.build({"x": kept.probabilities}, None, kept), {}, labels, said, windows, periods, kept
    )
    return history, {"CBPE": {metric: known(chances, metric) for metric in estimate.METRICS}}


def known(chances, metric):
    """The AUC and accuracy of chances that are all true."""
    parts = np.sort(chances.reshape(MONTHS, ROWS), axis=1)
    if metric == "accuracy":
        return np.maximum(parts, 1 - parts).mean(axis=1)
    lower = np.cumsum(1 - parts, axis=1) - (1 - parts) / 2
    return np.sum(parts * lower, axis=1) / (parts.sum(axis=1) * (1 - parts).sum(axis=1))


def believing(history):
    """The planted bug: each bin has as many ones as its scores say."""
    calibration, scores = history.profile.calibration, history.kept.probabilities.astype(np.float32)
    bins = np.searchsorted(calibration.edges, scores)
    ones = np.rint(np.bincount(bins, scores, calibration.size)).astype(np.int64)
    return replace(history, profile=replace(history.profile, calibration=replace(calibration, ones=ones)))


def test_ours_is_near_the_truth_and_one_that_believes_the_scores_misses_the_bar():
    history, oracle = moved()
    assert estimate.row(history, oracle).value < 0.01
    assert estimate.row(believing(history), oracle).passed is False


@pytest.mark.parametrize(("ratio", "chance", "passed"), [(1.0, 0.01, True), (1.2, 0.27, None), (1.2, 0.01, False)])
def test_what_the_labels_cannot_decide_is_neither_held_nor_missed(ratio, chance, passed):
    assert estimate.verdict(ratio, chance) is passed


def test_windows_that_are_drawn_again_leave_more_truths_possible_the_fewer_they_are():
    history, oracle = moved()
    truth = oracle["CBPE"]["auc"]
    assert estimate.as_good(history, truth, truth) == 1
    assert estimate.as_good(history, truth + 0.1, truth) == 0
    assert 0 < estimate.as_good(history, truth + 0.004, truth) < 1


def test_without_peers_it_is_told_and_passes_nothing():
    assert estimate.row(moved()[0], {}).passed is None
