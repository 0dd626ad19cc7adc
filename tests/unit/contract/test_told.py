"""A state told in tags is read back whole, however long it is; half of one is none."""

from datetime import UTC, datetime

from trimtab.api.trainingrun import DataPin
from trimtab.contract import told
from trimtab.contract.run import RunReport, RunState

DIGEST = "sha256:" + "a" * 64


def state(columns):
    names = {f"a_column_with_a_long_name_{number}": "float" for number in range(columns)}
    pin = DataPin(
        uri="s3://lake/flights",
        revision=DIGEST,
        digest=DIGEST,
        snapshot="s3://store/x",
        rows=9,
        columns=names,
        newest=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return RunState(phase="Running", step="train", report=RunReport(data=pin))


def test_what_was_told_is_read_back():
    assert told.from_tags("run-0", told.to_tags("run-0", state(3))) == state(3)


def test_a_long_state_is_cut_into_tags_that_mlflow_takes_and_read_back():
    tags = told.to_tags("run-0", state(4096))
    assert len(tags) < 100
    assert max(map(len, tags.values())) <= 8000
    assert told.from_tags("run-0", tags) == state(4096)


def test_a_shorter_state_after_a_longer_one_leaves_nothing_of_it():
    tags = told.to_tags("run-0", state(400)) | told.to_tags("run-0", state(1))
    assert told.from_tags("run-0", tags) == state(1)


def test_attempts_tell_apart_and_what_is_torn_is_not_believed():
    tags = told.to_tags("run-0", state(400))
    assert told.from_tags("run-1", tags) is None
    del tags["trimtab.dev/state/run-0/1"]
    assert told.from_tags("run-0", tags) is None


def test_what_a_newer_trainer_tells_besides_is_passed_over():
    newer = '{"phase": "Running", "since": 1, "report": {"dataValid": true, "invented": 1}}'
    tags = {told.tag("run-0"): "1", f"{told.tag('run-0')}/0": newer}
    assert told.from_tags("run-0", tags) == RunState(phase="Running", report=RunReport(data_valid=True))
