"""The whole loop, from `kubectl apply` to a judged version, over real flights."""

import json
import subprocess
import time

import pytest

from tests.e2e.conftest import TRIMTAB

pytestmark = pytest.mark.timeout(900)

OPERATOR = "system:serviceaccount:trimtab-system:trimtab"


@pytest.fixture(scope="session")
def spring(demo):
    """March to May: the winter model meets the spring."""
    return demo("--quick")


def test_drift_is_noticed_a_model_retrained_and_judged_without_a_hand(spring):
    result = spring.result
    assert result["retrainings"] >= 1
    assert result["promotions"] + result["rejections"] >= 1


def test_each_decision_says_why(spring):
    decisions = spring.result["decisions"]
    assert {"Deployed", "Retrain", "Shadowed"} <= {decision["action"] for decision in decisions}
    assert all(decision["message"] for decision in decisions)


def test_no_request_fails_while_models_are_trained_loaded_and_promoted(spring):
    requests = spring.result["requests"]
    assert requests["failed"] == 0
    assert requests["sent"] > 1000


def test_every_month_is_scored_for_all_three_models(spring):
    result = spring.result
    assert result["months"] == ["2013-03", "2013-04", "2013-05"]
    assert all(0.5 < auc < 0.9 for months in result["auc"].values() for auc in months)


def test_the_report_lies_beside_the_result(spring):
    assert "Decisions" in (spring.folder / "report.html").read_text()


def test_the_demonstration_stops_what_it_started(spring):
    command = [TRIMTAB, "status", "--state", spring.folder / "stack", "-o", "json"]
    parts = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["parts"]
    assert {part["state"] for part in parts} == {"stopped"}


def test_in_a_world_that_stands_still_nothing_is_retrained(still):
    result = still.result
    assert (result["retrainings"], result["promotions"]) == (0, 0)
    assert result["requests"]["failed"] == 0


def test_in_an_idle_minute_the_operator_writes_nothing_but_its_lease(still):
    audit = still.folder / "stack" / "logs" / "audit.jsonl"
    before = len(audit.read_text().splitlines())
    time.sleep(60)
    entries = [json.loads(line) for line in audit.read_text().splitlines()[before:]]
    written = [entry["objectRef"] for entry in entries if entry["user"]["username"] == OPERATOR]
    assert written, "the audit log does not see the operator"
    assert {found["resource"] for found in written} == {"leases"}
