"""The verdict on a candidate."""

from datetime import timedelta

import pytest

from tests.support.fakes import START
from trimtab.api.inferenceservice import GateState, Promotion
from trimtab.contract.serving import ComparisonReport
from trimtab.reconcile.inferenceservice.judge import judge

PROMOTION = Promotion(min_requests=100, deadline="1d")
DEADLINE = START + timedelta(days=1)


def verdict(*gates, now=START, requests=100, promotion=PROMOTION, **report):
    states = [GateState(metric=metric, verdict=said) for metric, said in zip("abc", gates, strict=False)]
    comparison = ComparisonReport(version="1.0.1", requests=requests, gates=states, **report)
    found = judge(comparison, promotion, START, now)
    return found and found.outcome


def test_all_gates_passed_on_enough_requests_promotes():
    assert verdict("Pass", "Pass") == "Promoted"


def test_too_few_requests_are_no_evidence():
    assert verdict("Pass", "Pass", requests=99) is None


def test_one_failed_gate_rejects_at_any_time():
    assert verdict("Pass", "Fail", requests=3) == "Rejected"


def test_a_candidate_that_is_just_as_good_is_rejected_as_such_long_before_the_deadline():
    assert verdict("Pass", "Futile") == "Rejected"
    gates = [GateState(metric="loss", verdict="Futile")]
    found = judge(ComparisonReport(version="1.0.1", requests=100, gates=gates), PROMOTION, START, START)
    assert found.message.startswith("just as good")


def test_one_open_gate_keeps_looking():
    assert verdict("Pass", "Inconclusive") is None


def test_no_gates_at_all_is_no_pass():
    assert verdict() is None


def test_at_the_deadline_the_better_of_two_takes_the_place():
    assert verdict("Inconclusive", now=DEADLINE, better=True) == "Promoted"
    assert verdict("Inconclusive", now=DEADLINE, better=False) == "Rejected"


def test_before_the_deadline_the_better_of_two_has_to_wait():
    assert verdict("Inconclusive", now=DEADLINE - timedelta(seconds=1), better=True) is None


def test_after_the_most_windows_the_better_of_two_takes_the_place_before_the_deadline():
    week = PROMOTION.model_copy(update={"max_windows": 7})
    assert verdict("Inconclusive", promotion=week, windows=6, better=True) is None
    assert verdict("Inconclusive", promotion=week, windows=7, better=True) == "Promoted"
    assert verdict("Inconclusive", promotion=week, windows=7, better=False) == "Rejected"


def test_a_verdict_after_the_most_windows_says_how_many_they_were():
    comparison = ComparisonReport(version="1.0.1", requests=100, windows=8, better=False)
    found = judge(comparison, PROMOTION.model_copy(update={"max_windows": 7}), START, START)
    assert found.message.startswith("not the better of the two after 8 windows")


@pytest.mark.parametrize(("on_no_data", "expected"), [("Wait", None), ("Fail", "Rejected")])
@pytest.mark.parametrize("report", [{"requests": 3, "better": True}, {"better": None}])
def test_at_the_deadline_without_evidence_the_spec_decides(on_no_data, expected, report):
    promotion = PROMOTION.model_copy(update={"on_no_data": on_no_data})
    assert verdict("Inconclusive", now=DEADLINE, promotion=promotion, **report) == expected


def test_the_message_holds_the_numbers():
    gate = GateState(metric="loss", verdict="Pass", estimate=0.0123, low=0.001, high=0.02)
    comparison = ComparisonReport(version="1.0.1", requests=500, labelled=400, gates=[gate])
    found = judge(comparison, PROMOTION, START, START)
    assert found.message == (
        "candidate less champion: loss Pass: +0.0123 nats a row in [+0.001, +0.02] (500 rows, 400 labelled)"
    )
