"""A run that cannot do well says which step ended it, why, and whether trying again may help."""

import pytest


def told(state):
    assert state.phase == "Failed"
    return state.failure.step, state.failure.reason, state.failure.retryable


@pytest.mark.parametrize(
    ("function", "reason", "words"),
    [
        ("broken", "TrainingRaised", "ZeroDivisionError: no rate can be had"),
        ("wrong_in_onnx", "ParityFailed", "the export differs by up to"),
        ("inexpressible", "ExportFailed", "NamedByItsAuthor cannot be turned into ONNX"),
    ],
)
async def test_code_that_gives_no_servable_model_is_refused(runs, function, reason, words):
    state = await runs.end_of(runs.request(function.replace("_", "-"), function=function))
    assert told(state) == ("train", reason, False)
    assert words in state.failure.message
    assert state.report.data_valid
    assert not state.report.trained


async def test_a_file_that_is_no_parquet_is_refused(runs, tmp_path):
    (tmp_path / "part.parquet").write_text("late,delay\n1,3.5\n")
    state = await runs.end_of(runs.request("no-parquet", data=tmp_path))
    assert told(state)[:2] == ("snapshot", "DataUnreadable")
    assert "part.parquet" in state.failure.message


async def test_a_column_that_is_not_there_is_named(runs):
    state = await runs.end_of(runs.request("no-column", features=("delay", "gate")))
    assert told(state) == ("snapshot", "ColumnMissing", False)
    assert "'gate'" in state.failure.message


async def test_mlflow_that_does_not_answer_is_worth_another_attempt(runs_without_mlflow):
    state = await runs_without_mlflow.end_of(runs_without_mlflow.request("alone"))
    assert told(state) == ("train", "TrackingUnavailable", True)
