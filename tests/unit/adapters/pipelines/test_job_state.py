"""What is seen of a run's Job, and what the run told, make one state."""

import pytest

from trimtab.adapters.pipelines.job.state import Look, state_of
from trimtab.contract.run import Failure, RunReport, RunState

RUNNING = RunState(phase="Running", step="train", report=RunReport(data_valid=True))
DONE = RunState(phase="Succeeded")
FAILED = RunState(phase="Failed", step="train", failure=Failure(step="train", reason="TrainingRaised", message="no"))


def job(ended=None, *, suspend=False, reason="BackoffLimitExceeded", active=0):
    condition = {"type": ended, "status": "True", "reason": reason, "message": "it has ended"}
    labels = {"kueue.x-k8s.io/queue-name": "gpu"} if suspend else {}
    return {
        "metadata": {"labels": labels},
        "spec": {"suspend": suspend},
        "status": {"active": active, "conditions": [condition] if ended else []},
    }


def pod(message="", **terminated):
    state = {"terminated": {"exitCode": 1, "message": message, **terminated}}
    return {"status": {"containerStatuses": [{"name": "trainer", "image": "trainer", "state": state}]}}


def waiting(reason):
    status = {"name": "trainer", "image": "trainer:1", "state": {"waiting": {"reason": reason, "message": "no such"}}}
    return {"status": {"containerStatuses": [status]}}


def test_a_run_of_which_there_is_nothing_was_never_started():
    assert state_of(Look(None), None) is None


@pytest.mark.parametrize("look", [Look(None), Look(job(active=1)), Look(job("Complete")), Look(job("Failed"))])
@pytest.mark.parametrize("told", [DONE, FAILED])
def test_an_end_that_the_run_told_is_the_end(look, told):
    assert state_of(look, told) == told


def test_a_run_at_work_is_as_far_as_it_told():
    assert state_of(Look(job(active=1)), RUNNING) == RUNNING
    assert state_of(Look(job(active=1)), None) == RunState(phase="Running")


def test_a_run_whose_job_was_deleted_was_ended_from_outside_and_keeps_what_it_knew():
    state = state_of(Look(None), RUNNING)
    assert (state.phase, state.failure.reason, state.failure.retryable) == ("Failed", "Interrupted", True)
    assert state.failure.message == "the run was ended from outside in step train: its Job was deleted"
    assert state.report == RUNNING.report


def test_last_words_tell_what_mlflow_could_not_be_told():
    words = RunState(
        phase="Failed", failure=Failure(reason="TrackingUnavailable", message="MLflow is away", retryable=True)
    )
    look = Look(job("Failed"), pods=[pod(words.model_dump_json(by_alias=True, exclude_none=True))])
    state = state_of(look, RUNNING)
    assert (state.phase, state.step, state.failure.reason) == ("Failed", "train", "TrackingUnavailable")
    assert state.report == RUNNING.report


@pytest.mark.parametrize(
    ("pods", "said"),
    [
        ([pod(reason="OOMKilled")], "ran out of memory: create a new TrainingRun with more spec.resources.memory"),
        ([pod("Traceback: no JSON")], "the pod ended with status 1: read its log"),
        ([{"status": {"reason": "Evicted", "message": "the node was low on memory"}}], "Evicted: the node was low on"),
        ([], "BackoffLimitExceeded: it has ended"),
    ],
)
def test_a_run_that_ended_without_a_word_says_what_the_cluster_knows(pods, said):
    state = state_of(Look(job("Failed"), pods=pods), RUNNING)
    assert (state.failure.reason, state.failure.step, state.failure.retryable) == ("Interrupted", "train", True)
    assert said in state.failure.message


def test_a_job_that_is_complete_without_a_word_is_no_success():
    assert state_of(Look(job("Complete")), RUNNING).failure.reason == "Interrupted"


@pytest.mark.parametrize(
    ("look", "reason", "said"),
    [
        (Look(job(suspend=True)), "Queued", "queue 'gpu'"),
        (Look(job(), events=[{"message": 'pods "a-x7" is forbidden: exceeded quota: all'}]), "PodRefused", "quota"),
        (Look(job(active=1), pods=[waiting("ImagePullBackOff")]), "ImageNotPulled", "trainer:1"),
        (Look(job(active=1), pods=[waiting("CreateContainerConfigError")]), "PodNotStarting", "no such"),
    ],
)
def test_a_run_that_cannot_begin_says_what_it_waits_for(look, reason, said):
    state = state_of(look, None)
    assert (state.phase, state.held.reason) == ("Running", reason)
    assert said in state.held.message


def test_a_container_being_made_is_nothing_to_worry_about():
    assert state_of(Look(job(active=1), pods=[waiting("ContainerCreating")]), None) == RunState(phase="Running")
