"""Candidate against champion on the same rows; windows are one observation each, or their rows stand alone."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from tests.runtime_unit.drift.worlds import paired
from trimtab.drift import Gate, Judge, PairedSums
from trimtab.drift.judging.harms import LEAST_LABELLED
from trimtab.drift.judging.pairs import RowEvidence

GATES = (Gate("errors", 0.001), Gate("loss", 0.005))
GAIN = (Gate("errors", 0.001), Gate("loss", 0.0, gain=0.02))
PAIRS, WINDOWS = 60, 60


def standing_alone(random, gain, rows=200):
    """One window of labelled rows; each row's own loss is lower by `gain`, give or take."""
    champion = random.uniform(0.2, 0.6, rows)
    candidate = champion * np.exp(gain + random.normal(0, 0.15, rows))
    return PairedSums.of_answers(champion, champion) + PairedSums.of_labels(np.ones(rows), champion, candidate)


def thin(random, _):
    """An hour of three to ten labelled rows, in which neither is the better."""
    rows = int(random.integers(3, 11))
    champion = random.uniform(0.05, 0.2, rows)
    candidate = champion * np.exp(random.normal(0, 0.5, rows))
    return PairedSums.of_answers(champion, champion) + PairedSums.of_labels(np.ones(rows), champion, candidate)


def ruled(seed, gain, windows=WINDOWS, gates=GATES, *, alone=False, draw=paired):
    judge, random = Judge.start(gates, 0.05, 500, alone=alone), np.random.default_rng(seed)
    for _ in range(windows):
        judge, ruling = judge.fold((standing_alone if alone else draw)(random, gain))
        if ruling.outcome != "KeepLooking":
            break
    return judge, ruling


def test_a_candidate_that_is_just_as_good_is_hardly_ever_rejected():
    assert sum(ruled(seed, 0.0)[1].outcome == "Reject" for seed in range(PAIRS)) <= 0.05 * PAIRS + 3


def test_of_equals_neither_is_called_better_after_a_week_of_hours_with_few_labels():
    rulings = [ruled(seed, 0.0, windows=168, gates=GAIN, draw=thin)[1] for seed in range(PAIRS)]
    assert sum(ruling.outcome != "KeepLooking" and not ruling.futile for ruling in rulings) <= 0.05 * PAIRS + 3


def test_hours_of_few_labels_are_gathered_into_blocks_and_forgotten_by_no_restart():
    judge, _ = ruled(3, 0.0, windows=9, draw=thin)
    assert 0 < judge.evidence[1].gathered.labelled < LEAST_LABELLED
    assert_goes_on(judge)


def test_evidence_of_an_earlier_release_which_gathered_nothing_is_gone_on_from():
    judge, _ = ruled(3, 0.01, windows=8)
    state = judge.to_json()
    for kept in state["evidence"]:
        del kept["gathered"]
    assert Judge.from_json(GATES, 0.05, 500, state).ruling == judge.ruling


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
    assert_goes_on(judge)


def test_so_does_one_of_rows_that_stand_alone():
    judge, _ = ruled(3, 0.01, windows=8, alone=True)
    assert_goes_on(judge)


def assert_goes_on(judge):
    reread = Judge.from_json(GATES, 0.05, 500, json.loads(json.dumps(judge.to_json())))
    window = paired(np.random.default_rng(9), 0.0)
    assert judge.fold(window)[1] == reread.fold(window)[1]


def test_a_candidate_just_as_good_ends_by_futility_where_a_gain_is_asked_for():
    _, ruling = ruled(1, 0.0, windows=400, gates=GAIN, alone=True)
    assert ruling.outcome == "Reject"
    assert ruling.futile
    assert ruling.readings[1].verdict == "Futile"
    assert ruling.better is False


def test_a_worse_candidate_is_not_called_just_as_good():
    _, ruling = ruled(1, -0.08, windows=400, gates=GAIN, alone=True)
    assert ruling.outcome == "Reject"
    assert not ruling.futile


def test_a_margin_welcomes_a_candidate_that_is_just_as_good():
    assert {ruled(seed, 0.0, windows=400, alone=True)[1].outcome for seed in range(5)} == {"Promote"}


def test_rows_that_stand_alone_are_judged_alike_in_any_order_and_any_split():
    random = np.random.default_rng(4)
    windows = [standing_alone(random, 0.02) for _ in range(6)]
    straight = Judge.start(GAIN, 0.05, 500, alone=True)
    for window in windows:
        straight, _ = straight.fold(window)
    at_once, _ = Judge.start(GAIN, 0.05, 500, alone=True).fold(sum(windows[::-1], PairedSums()))
    assert at_once.ruling.outcome == straight.ruling.outcome
    assert at_once.ruling.readings[1].low == pytest.approx(straight.ruling.readings[1].low)


def test_the_interval_of_rows_ends_where_a_limit_is_just_refuted():
    evidence, random = RowEvidence("loss", 0.05), np.random.default_rng(5)
    for _ in range(20):
        evidence = evidence.fold(standing_alone(random, 0.03))
    low, high = evidence.ends
    assert low < evidence.estimate < high < 0.05
    for side, end in (("above", low), ("below", high)):
        assert evidence.log_e((side, end)) == pytest.approx(-np.log(0.025), abs=0.02)


def test_before_the_first_row_everything_is_possible():
    assert RowEvidence("errors", 0.05).ends == (-1.0, 1.0)


def worse_on_some_days(random, harm, share=1.0, rows=200):
    """A day of labelled rows whose loss is higher by `harm`, on a share of the days."""
    champion = random.uniform(0.4, 0.6, rows)
    candidate = champion * np.exp(-harm * (random.random() < share))
    return PairedSums.of_answers(champion, champion) + PairedSums.of_labels(np.ones(rows), champion, candidate)


def on_days(seed, margin, harm, share=1.0):
    return ruled(seed, harm, gates=(Gate("loss", margin),), draw=lambda r, h: worse_on_some_days(r, h, share))[1]


@pytest.mark.parametrize("margin", [0.05, 0.1, 0.2])
def test_a_candidate_that_is_worse_by_more_than_any_margin_fails_and_is_not_called_better(margin):
    ruling = on_days(1, margin, 0.5)
    assert (ruling.outcome, ruling.better) == ("Reject", False)
    assert ruling.readings[0].estimate == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("margin", [0.05, 0.1, 0.2])
def test_an_equal_passes_whatever_the_margin(margin):
    assert on_days(1, margin, 0.0).outcome == "Promote"


def test_a_gain_of_any_size_can_be_shown_to_be_absent():
    gates = (Gate("loss", 0.0, gain=0.15),)
    assert ruled(1, 0.0, gates=gates, draw=worse_on_some_days)[1].futile


def test_nothing_passes_while_the_days_as_they_were_cost_more_than_the_margin():
    rulings = [on_days(seed, 0.05, 0.6, share=0.2) for seed in range(20)]
    promoted = [ruling.readings[0].estimate for ruling in rulings if ruling.outcome == "Promote"]
    assert max(promoted, default=0.0) <= 0.05
    assert len(promoted) <= 10


def test_evidence_of_an_earlier_release_that_was_cut_before_the_margin_is_begun_anew():
    gates = (Gate("loss", 0.2),)
    state = Judge.start((Gate("loss", 0.01),), 0.05, 500).fold(worse_on_some_days(np.random.default_rng(1), 0.5))[0]
    assert Judge.from_json(gates, 0.05, 500, state.to_json()).evidence[0].interval.blocks == 0


@dataclass(frozen=True)
class Known:
    """Evidence of so much against a limit, and none beside it."""

    log: float
    estimate: float = 1.0
    ends: tuple[float, float] = (0.0, 1.0)

    def log_e(self, claim):
        return self.log if claim[0] == "above" else 0.0


@pytest.mark.parametrize(("gates", "verdict"), [(GATES, "Fail"), (GAIN, "Inconclusive")])
def test_a_gate_beside_one_that_asks_for_a_gain_has_a_half_of_the_rate(gates, verdict):
    """Of 5 %, two gates have 2.5 % each, which is 1 in 40; half of that is 1 in 80."""
    judge = Judge(gates, (Known(np.log(60)), Known(0.0)), 0.05, 500)
    assert judge.ruling.readings[0].verdict == verdict
