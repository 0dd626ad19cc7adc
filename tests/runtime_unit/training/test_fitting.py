"""Which rows each fit is given, and which numbers of the user's are kept."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from trimtab.api.trainingrun import Trainer
from trimtab.data.holdout import Parts
from trimtab.training.fit.fitting import Lesson, fit_all
from trimtab.training.judgement.heldout import FIT_FILE

DRAWN = np.arange(1000) % 3


@pytest.fixture
def taught(tmp_path, columns, labels, numbers_only):
    """The row numbers that each call of the training function was given, in order of the calls."""
    numbered = {"delay": np.arange(labels.size, dtype=np.float32), "wind": columns["delay"]}
    seen = []

    def function(data, hyperparameters, context):  # noqa: ARG001  # the contract's arguments
        seen.append(data["delay"].to_numpy().astype(int))
        context.log_metric("rows", len(data))
        return make_pipeline(SimpleImputer(), LogisticRegression()).fit(data[["delay", "wind"]], data[context.target])

    def teach(parts):
        context = replace(numbers_only, logged=[])
        fit_all(Lesson(function, numbered, labels, Trainer(entrypoint="a:b"), context), parts, tmp_path)
        return seen, {path.name for path in tmp_path.glob("*.onnx")}, json.loads((tmp_path / FIT_FILE).read_text())

    return teach


def test_with_refit_a_fit_leaves_out_each_part_and_the_last_learns_all(taught):
    seen, files, fit = taught(Parts(DRAWN, refit=True, blocks=None))
    *apart, last = seen
    left_out = [sorted(set(range(1000)) - set(rows)) for rows in apart]
    assert left_out == [list(range(number, 1000, 3)) for number in range(3)]
    assert last.size == 1000
    assert files == {"part-0.onnx", "part-1.onnx", "part-2.onnx", "model.onnx"}
    assert fit["logged"] == [["rows", 1000.0, 0]]


def test_without_refit_there_is_one_fit_of_the_rows_that_are_not_held_out(taught):
    seen, files, _ = taught(Parts(np.where(DRAWN, -1, 0), refit=False, blocks=None))
    (rows,) = seen
    assert rows.tolist() == np.flatnonzero(DRAWN).tolist()
    assert files == {"model.onnx"}
