"""Call the user's training function, export what it returns, and prove the export."""

from pathlib import Path

import pyarrow as pa

from trimtab.api.trainingrun import TrainingRunSpec
from trimtab.contract.run import RunRequest
from trimtab.contract.told import experiment
from trimtab.data.holdout import part
from trimtab.data.selection import features_of
from trimtab.data.snapshot import load
from trimtab.training.context import Context, TrainFunction
from trimtab.training.fit import entrypoint
from trimtab.training.fit.code import code_digest
from trimtab.training.fit.environment import environment_digest
from trimtab.training.fit.export import signature_of
from trimtab.training.fit.fitting import Lesson, fit_all
from trimtab.training.fit.landing import land_in
from trimtab.training.judgement.columns import columns_of, is_text, labels_of
from trimtab.training.record.tracking import Tracking
from trimtab.training.record.workspace import Workspace


def train(asked: str, state: str, snapshot: str, model: str) -> None:
    """Write into the folder `model`: `model.onnx`, what was logged, and with `holdout.refit` the fits to judge."""
    place = Workspace(asked, state)
    with place.step("train") as report:
        request, table = place.request, load(snapshot)
        function = entrypoint.load(request.spec.trainer)
        report.code_digest = code_digest(function, request.spec.trainer)
        report.environment_digest = environment_digest()
        report.mlflow_run_id = _track(request)
        lesson = _lesson(function, request.spec, table)
        report.signature = signature_of(lesson.context)
        parts = part(table, request.spec.data, request.spec.trainer.seed)
        report.draw = parts.draw
        fit_all(lesson, parts, Path(model))
        report.trained = True


def _track(request: RunRequest) -> str:
    """Find or make the MLflow run, and let the user's own `mlflow.log_*` calls land in it."""
    tracking = Tracking.from_environment()
    run = tracking.ensure_run(request)
    tracking.mark_running(run)
    land_in(run, experiment(request.namespace, request.spec.model))
    return run


def _lesson(function: TrainFunction, spec: TrainingRunSpec, table: pa.Table) -> Lesson:
    features = features_of(spec.data, table.column_names)
    columns = columns_of(table, features)
    context = Context(
        seed=spec.trainer.seed,
        threads=int(spec.resources.cpu),
        target=spec.data.target,
        features=tuple(features),
        numeric=tuple(name for name in features if not is_text(columns[name])),
        categorical=tuple(name for name in features if is_text(columns[name])),
    )
    return Lesson(function, columns, labels_of(table, spec.data.target), spec.trainer, context)
