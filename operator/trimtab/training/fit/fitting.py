"""Calls of the user's training function, and files of what it returns: the registered model, and fits to judge."""

import json
import random
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from trimtab.api.trainingrun import Trainer
from trimtab.data.holdout import Mask, Parts
from trimtab.data.store import write_whole
from trimtab.training.context import Context, TrainFunction
from trimtab.training.fit import entrypoint
from trimtab.training.fit.export import to_onnx
from trimtab.training.fit.landing import child_run
from trimtab.training.judgement.columns import Columns, rows_of
from trimtab.training.judgement.heldout import FIT_FILE, MODEL_FILE, fit_file
from trimtab.training.judgement.metrics import Labels
from trimtab.training.judgement.parity import prove
from trimtab.training.judgement.scoring import Scorer


@dataclass(frozen=True)
class Lesson:
    """What can be learnt, and how: each fit is given some of the rows."""

    function: TrainFunction
    columns: Columns
    labels: Labels
    trainer: Trainer
    context: Context


def fit_all(lesson: Lesson, parts: Parts, folder: Path) -> None:
    """Fit, export and prove; with `holdout.refit` first without each part, so that its rows can be judged.

    Raises:
        Refuse: TrainingRaised, ExportFailed, ParityFailed.

    """
    for number in parts.numbers if parts.refit else []:
        apart = replace(lesson, context=replace(lesson.context, logged=[]))
        with child_run(f"without part {number}"):
            content, _ = _fit(apart, parts.part != number)
        write_whole(folder / fit_file(parts, number), content)
    content, difference = _fit(lesson, parts.training)
    logged = [[entry.name, entry.value, entry.step] for entry in lesson.context.logged]
    write_whole(folder / FIT_FILE, json.dumps({"logged": logged, "parity": difference}).encode())
    write_whole(folder / MODEL_FILE, content)


def _fit(lesson: Lesson, rows: Mask) -> tuple[bytes, float]:
    """The model as ONNX, and how far it is off the native one; what the user's code logs is left in the context."""
    context, trainer = lesson.context, lesson.trainer
    random.seed(trainer.seed)
    np.random.seed(trainer.seed)  # noqa: NPY002  # for user code that draws from the global generator
    columns = rows_of(lesson.columns, rows)
    frame = pd.DataFrame({**columns, context.target: lesson.labels[rows]})
    fitted = entrypoint.call(lesson.function, frame, trainer.hyperparameters, context)
    content = to_onnx(fitted, context)
    return content, prove(fitted, Scorer(content, context.threads), columns, trainer.seed)
