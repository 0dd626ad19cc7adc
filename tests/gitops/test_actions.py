"""What Argo CD offers to do with our objects, and what it would write; never what a repository holds."""

import pytest

from tests.gitops.judges import argocd
from tests.support.objects import model_version, training_run

pytestmark = pytest.mark.timeout(900)  # the first test builds the judge
BY_DRIFT = {"kind": "Drift", "evidence": {"reason": "DataDrift", "message": "temp moved"}}


def run_of_drift(**changes):
    return training_run("late-drift-1", trigger=BY_DRIFT, **changes)


def test_a_run_that_waits_for_approval_can_be_released():
    held = run_of_drift(suspend=True)

    assert argocd(held).actions == {"release": True, "suspend": False}
    (result,) = argocd(held, "release").results
    assert result["operation"] == "patch"
    assert result["object"]["spec"] == {**held["spec"], "suspend": False}


def test_a_run_that_drift_started_can_be_held():
    running = run_of_drift()

    assert argocd(running).actions == {"release": False, "suspend": True}
    (result,) = argocd(running, "suspend").results
    assert result["object"]["spec"] == {**running["spec"], "suspend": True}


def test_a_run_that_ended_offers_nothing():
    ended = {**run_of_drift(), "status": {"completionTime": "2026-01-01T00:00:00Z"}}

    assert argocd(ended).actions == {"release": False, "suspend": False}


def test_a_run_that_git_holds_is_left_to_git():
    assert argocd(training_run("first", suspend=True)).actions == {"release": False, "suspend": False}


def test_a_version_is_trained_again_by_a_new_run_as_it_was_trained():
    version = model_version("1.0.0")

    (result,) = argocd(version, "retrain").results
    made = result["object"]

    assert result["operation"] == "create"
    assert (made["kind"], made["metadata"]["namespace"]) == ("TrainingRun", "ns")
    assert made["metadata"]["name"].startswith("late-again-")
    assert made["spec"] == version["spec"]["lineage"]["trainingSpec"]


def test_a_long_name_of_a_model_leaves_room_for_the_runs_own():
    version = model_version("1.0.0")
    version["spec"]["model"] = "m" * 40

    (result,) = argocd(version, "retrain").results

    assert len(result["object"]["metadata"]["name"]) <= 50


def test_what_is_empty_in_a_training_is_left_to_its_default():
    version = model_version("1.0.0")
    version["spec"]["lineage"]["trainingSpec"]["trainer"]["hyperparameters"] = {}

    (result,) = argocd(version, "retrain").results

    assert result["object"]["spec"]["trainer"] == {"entrypoint": "user:train"}


def test_an_imported_version_cannot_be_trained_again():
    imported = model_version("1.0.0", lineage={})

    assert argocd(imported).actions == {"retrain": False, "reject": False}


def test_what_was_asked_for_once_is_not_asked_for_again():
    version = model_version("1.0.0")
    version["spec"]["lineage"]["trainingSpec"] |= {"trigger": BY_DRIFT, "suspend": True, "bump": "Major"}

    (result,) = argocd(version, "retrain").results

    assert not {"trigger", "suspend", "bump"} & result["object"]["spec"].keys()


def test_a_version_that_a_run_made_can_be_rejected_once():
    version = model_version("1.0.0", lineage={"trainingRun": "first"})

    (result,) = argocd(version, "reject").results

    assert result["object"]["spec"] == {**version["spec"], "rejected": True}
    assert argocd(model_version("1.0.0", lineage={"trainingRun": "first"}, rejected=True)).actions["reject"] is False
