"""Call the user's training function, export what it returns, and prove the export."""

import json
import os
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trimtab.contract.run import RunReport, RunRequest
from trimtab.data.holdout import part
from trimtab.data.selection import features_of
from trimtab.data.snapshot import load
from trimtab.data.store import write_whole
from trimtab.training import entrypoint
from trimtab.training.columns import Columns, columns_of, is_text, labels_of, rows_of
from trimtab.training.context import Context, TrainFunction
from trimtab.training.environment import environment_digest
from trimtab.training.export import signature_of, to_onnx
from trimtab.training.parity import prove
from trimtab.training.scoring import Scorer
from trimtab.training.tracking import Tracking
from trimtab.training.workspace import Workspace

MODEL_FILE, FIT_FILE = "model.onnx", "fit.json"


@dataclass(frozen=True)
class Lesson:
    """What the user's function is given."""

    columns: Columns
    frame: pd.DataFrame
    context: Context


def train(workspace: str, snapshot: str, model: str) -> None:
    """Write `model.onnx`, and what was logged beside it, into the folder `model`."""
    place = Workspace(Path(workspace))
    with place.step("train") as report:
        request = place.request()
        function = entrypoint.load(request.spec.trainer)
        report.code_digest = entrypoint.code_digest(function)
        report.environment_digest = environment_digest()
        report.mlflow_run_id = _track(request)
        _fit(function, _lesson(request, Path(snapshot)), request, report, Path(model))
        report.trained = True


def _track(request: RunRequest) -> str:
    """Find or make the MLflow run, and let the user's own `mlflow.log_*` calls land in it."""
    tracking = Tracking.from_environment()
    run = tracking.ensure_run(request)
    tracking.mark_running(run)
    os.environ["MLFLOW_RUN_ID"] = run
    return run


def _lesson(request: RunRequest, snapshot: Path) -> Lesson:
    spec, table = request.spec, load(snapshot)
    features = features_of(spec.data, table.column_names)
    rows = part(table, spec.data, spec.trainer.seed).training
    columns = rows_of(columns_of(table, features), rows)
    frame = pd.DataFrame({**columns, spec.data.target: labels_of(table, spec.data.target)[rows]})
    context = Context(
        seed=spec.trainer.seed,
        threads=int(spec.resources.cpu),
        target=spec.data.target,
        features=tuple(features),
        numeric=tuple(name for name in features if not is_text(columns[name])),
        categorical=tuple(name for name in features if is_text(columns[name])),
    )
    return Lesson(columns, frame, context)


def _fit(function: TrainFunction, lesson: Lesson, request: RunRequest, report: RunReport, folder: Path) -> None:
    context, trainer = lesson.context, request.spec.trainer
    random.seed(trainer.seed)
    np.random.seed(trainer.seed)  # noqa: NPY002  # for user code that draws from the global generator
    fitted = entrypoint.call(function, lesson.frame, trainer.hyperparameters, context)
    content = to_onnx(fitted, context)
    difference = prove(fitted, Scorer(content, context.threads), lesson.columns, trainer.seed)
    report.signature = signature_of(context)
    logged = [[entry.name, entry.value, entry.step] for entry in context.logged]
    write_whole(folder / FIT_FILE, json.dumps({"logged": logged, "parity": difference}).encode())
    write_whole(folder / MODEL_FILE, content)
