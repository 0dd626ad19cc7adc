"""The user's training code: finding it and calling it."""

import importlib
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trimtab.api.reasons import TrainingReason
from trimtab.api.trainingrun import Trainer
from trimtab.errors import Refuse
from trimtab.training.context import Classifier, Context, TrainFunction

if TYPE_CHECKING:
    import pandas as pd


def load(trainer: Trainer) -> TrainFunction:
    """Import the function that `spec.trainer.entrypoint` names.

    Raises:
        Refuse: EntrypointNotFound.

    """
    module_name, _, name = trainer.entrypoint.partition(":")
    if trainer.source is not None:
        sys.path.insert(0, trainer.source.path)
    try:
        function = getattr(importlib.import_module(module_name), name)
    except Exception as error:  # importing runs the user's code, which may raise anything
        what = f"{trainer.entrypoint} cannot be imported ({_summary(error)})"
        message = f"{what}: correct spec.trainer.entrypoint or spec.trainer.source.path"
        raise Refuse(TrainingReason.ENTRYPOINT_NOT_FOUND, message) from error
    if not callable(function):
        message = f"{trainer.entrypoint} is {type(function).__name__}, not a function: name the training function"
        raise Refuse(TrainingReason.ENTRYPOINT_NOT_FOUND, message)
    train: TrainFunction = function
    return train


def call(train: TrainFunction, data: "pd.DataFrame", hyperparameters: dict[str, Any], context: Context) -> Classifier:
    """Train.

    Raises:
        Refuse: TrainingRaised, with the exception and the line it came from.

    """
    try:
        return train(data, hyperparameters, context)
    except (Exception, SystemExit) as error:  # the user's code may raise anything
        traceback.print_exc()
        message = f"{_summary(error)}: read the run's log, correct the training function, create a new TrainingRun"
        raise Refuse(TrainingReason.TRAINING_RAISED, message) from error


def _summary(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    text = " ".join(str(error).split())[:140]
    return f"{type(error).__name__}: {text}{where}"
