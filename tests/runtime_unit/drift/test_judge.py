"""Candidate against champion on the same rows."""

import json

import numpy as np

from tests.runtime_unit.drift.worlds import paired
from trimtab.drift import Gate, Judge

GATES = (Gate("errors", 0.001), Gate("loss", 0.005))
PAIRS, WINDOWS = 60, 60


def ruled(seed, gain, windows=WINDOWS):
    judge, random = Judge.start(GATES, 0.05, 500), np.random.default_rng(seed)
    for _ in range(windows):
        judge, ruling = judge.fold(paired(random, gain))
        if ruling.outcome != "KeepLooking":
            break
    return judge, ruling


def test_a_candidate_that_is_just_as_good_is_hardly_ever_rejected():
    assert sum(ruled(seed, 0.0)[1].outcome == "Reject" for seed in range(PAIRS)) <= 0.05 * PAIRS + 3


def test_a_better_candidate_is_promoted_and_a_worse_one_rejected():
    assert ruled(1, 0.05)[1].outcome == "Promote"
    assert ruled(1, -0.08)[1].outcome == "Reject"


def test_nothing_is_promoted_before_enough_rows_were_seen():
    judge, random = Judge.start(GATES, 0.05, 10**6), np.random.default_rng(1)
    for _ in range(WINDOWS):
        judge, ruling = judge.fold(paired(random, 0.05))
    assert ruling.outcome == "KeepLooking"
    assert ruling.better is None


def test_without_labels_nobody_is_called_better():
    judge = Judge.start(GATES, 0.05, 1)
    answers = np.zeros(100, dtype=int)
    _, ruling = judge.fold(type(paired(np.random.default_rng(1), 0.0)).of_answers(answers, answers))
    assert ruling.better is None


def test_a_judge_goes_on_from_its_json_as_if_nothing_had_happened():
    judge, _ = ruled(3, 0.01, windows=8)
    reread = Judge.from_json(GATES, 0.05, 500, json.loads(json.dumps(judge.to_json())))
    window = paired(np.random.default_rng(9), 0.0)
    assert judge.fold(window)[1] == reread.fold(window)[1]
