"""What the KFP server says of a run, and what the run told, make one state."""

import pytest

from trimtab.adapters.pipelines.kfp.engine import state_of
from trimtab.contract.run import Failure, RunReport, RunState

TOLD = RunState(phase="Running", step="register", report=RunReport(data_valid=True))
BROKEN = TOLD.model_copy(update={"failure": Failure(step="register", reason="TrackingUnavailable", message="away")})


def test_a_run_of_which_there_is_nothing_was_never_started():
    assert state_of(None, None) is None


@pytest.mark.parametrize("state", ["PENDING", "RUNNING", "CANCELING", "PAUSED", "RUNTIME_STATE_UNSPECIFIED", None])
def test_a_run_that_has_not_ended_is_as_far_as_it_told(state):
    assert state_of({"state": state}, TOLD) == TOLD
    assert state_of({"state": state}, None) == RunState(phase="Running")


def test_a_run_that_succeeded_has_done_every_step():
    assert state_of({"state": "SUCCEEDED"}, TOLD) == RunState(phase="Succeeded", report=TOLD.report)


def test_a_failed_run_gives_its_steps_own_reason():
    state = state_of({"state": "FAILED", "error": {"message": "exit status 1"}}, BROKEN)
    assert (state.phase, state.step, state.failure) == ("Failed", "register", BROKEN.failure)


@pytest.mark.parametrize(
    ("run", "why"),
    [
        ({"state": "FAILED", "error": {"message": "pod was evicted"}}, "pod was evicted"),
        ({"state": "FAILED"}, "read the log of its step"),
        ({"state": "CANCELED"}, "it was cancelled"),
        (None, "does not know the run any more"),
    ],
)
def test_a_run_that_ended_without_a_word_may_be_tried_again(run, why):
    state = state_of(run, TOLD)
    assert (state.phase, state.failure.reason, state.failure.retryable) == ("Failed", "Interrupted", True)
    assert why in state.failure.message
    assert state.report == TOLD.report
