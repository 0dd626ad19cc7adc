"""Rows that leave nothing to learn from or to judge on are refused before anything is trained."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trimtab.contract.run import RunRequest
from trimtab.errors import Refuse
from trimtab.training.record.workspace import Workspace
from trimtab.training.steps.validate import validate

FIRST = datetime(2013, 1, 1)  # noqa: DTZ001  # as Parquet has it, without a zone
MODEL = {"uri": "file:///m.onnx", "digest": "sha256:" + "0" * 64}


@pytest.fixture
def checked(tmp_path):
    def check(late, hours=1, learnt_until=None, **data):
        at = [FIRST + timedelta(hours=hours * row) for row in range(len(late))]
        pq.write_table(pa.table({"x": [0.5] * len(late), "late": late, "at": at}), tmp_path / "data.parquet")
        data = {"uri": "file:///lake", "target": "late", "time": "at", "holdout": {"fraction": 0.5}, **data}
        gates = [{"metric": "auc", "champion": {}}]
        spec = {"model": "delay", "data": data, "trainer": {"entrypoint": "a:b"}, "gates": gates}
        champion = {"version": "1.2.0", "artifact": MODEL, "learntUntil": learnt_until} if learnt_until else None
        request = {"namespace": "team", "trainingRun": "first", "uid": "u-1", "spec": spec, "champion": champion}
        asked = RunRequest.model_validate(request).model_dump_json(by_alias=True)
        validate(asked, str(tmp_path), str(tmp_path / "data.parquet"))
        return Workspace(asked, str(tmp_path)).read().report

    return check


def test_rows_of_both_kinds_on_both_sides_are_valid(checked):
    assert checked([0, 1] * 50).data_valid


@pytest.mark.parametrize(("late", "side"), [([0] * 50 + [0, 1] * 25, "training"), ([0, 1] * 25 + [1] * 50, "held-out")])
def test_a_side_with_one_kind_only_is_refused(checked, late, side):
    with pytest.raises(Refuse, match=f"the 50 {side} rows hold only one value of 'late'") as refused:
        checked(late)
    assert refused.value.reason == "TooFewRows"


def test_a_single_block_is_refused(checked):
    with pytest.raises(Refuse, match="cannot be parted"):
        checked([0, 1] * 50, block="365d")


def test_rows_that_do_not_tell_how_they_vary_are_refused(checked):
    with pytest.raises(Refuse, match="the 20 rows are too few to tell how they vary"):
        checked([0, 1] * 10)


def test_rows_of_which_the_champion_has_learnt_all_but_a_few_cannot_compare_the_two(checked):
    hundred_hours = [0, 1] * 50
    assert checked(hundred_hours, learnt_until=datetime(2013, 1, 4, tzinfo=UTC)).data_valid
    told = r"the 1 rows that champion 1\.2\.0 has not learnt hold only one value of 'late': wait for newer data"
    with pytest.raises(Refuse, match=told):
        checked(hundred_hours, learnt_until=datetime(2013, 1, 5, 2, tzinfo=UTC))


def test_with_refit_each_fit_must_have_both_kinds_to_learn_from(checked):
    holdout = {"by": "Random", "fraction": 0.5, "refit": True}
    with pytest.raises(Refuse, match="training rows hold only one value of 'late'"):
        checked([1] + [0] * 99, holdout=holdout)
