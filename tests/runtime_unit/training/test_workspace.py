"""A run's folder tells how far the run is, and what it knew when it failed."""

import json

import pytest

from trimtab.contract.run import RunState
from trimtab.errors import Refuse, Retry
from trimtab.training.record.workspace import Workspace, interrupted

REQUEST = json.dumps(
    {
        "namespace": "team",
        "trainingRun": "first",
        "uid": "u-1",
        "spec": {"model": "delay", "data": {"uri": "file:///lake", "target": "y"}, "trainer": {"entrypoint": "a:b"}},
    }
)


@pytest.fixture
def place(tmp_path):
    return Workspace(REQUEST, str(tmp_path))


def fail(place, error):
    with place.step("validate") as report:
        report.data_valid = True
        raise error


def test_a_run_that_never_began_has_no_state(place):
    assert place.read() is None


def test_while_a_step_works_the_state_names_it(place):
    with place.step("validate"):
        assert (place.read().phase, place.read().step) == ("Running", "validate")


def test_what_a_step_found_stays_for_the_next(place):
    with place.step("snapshot") as report:
        report.data_valid = True
    with place.step("train") as report:
        report.trained = True
    assert (place.read().report.data_valid, place.read().report.trained) == (True, True)


@pytest.mark.parametrize(
    ("error", "reason", "retryable"),
    [
        (Refuse("DataInvalid", "repair it"), "DataInvalid", False),
        (Retry("DiskFull", "free some"), "DiskFull", True),
        (KeyError("nobody foresaw this"), "StepFailed", False),
    ],
)
def test_how_a_step_failed_is_told_with_what_it_knew(place, error, reason, retryable):
    with pytest.raises(type(error)):
        fail(place, error)
    state = place.read()
    assert (state.failure.step, state.failure.reason, state.failure.retryable) == ("validate", reason, retryable)
    assert state.report.data_valid


def test_a_message_without_end_is_cut(place):
    with pytest.raises(ValueError, match="long"), place.step("train"):
        raise ValueError("long " * 1000)
    assert len(place.read().failure.message) <= 300


def test_an_interrupted_run_names_the_step_and_may_be_tried_again():
    failure = interrupted("train")
    assert (failure.step, failure.reason, failure.retryable) == ("train", "Interrupted", True)
    assert "before its first step" in interrupted(None).message


def test_the_state_is_what_was_written_last(place):
    place.write(RunState(phase="Running"))
    place.write(RunState(phase="Succeeded"))
    assert place.read().phase == "Succeeded"
