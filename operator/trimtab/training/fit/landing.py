"""Where the user's own `mlflow.log_*` calls land, told to MLflow by the environment, as importing it takes seconds.

Those of the last fit land in the run of the training. A fit that leaves a part out would contradict them there, as
MLflow takes no second value of a parameter; so it has a child run, which comes to be with the first thing logged.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_RUN, _EXPERIMENT, _TAGS = "MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_RUN_CONTEXT"


def land_in(run: str, experiment: str) -> None:
    """Let calls land in a run, and what has a run of its own in an experiment."""
    os.environ.pop("MLFLOW_EXPERIMENT_ID", None)  # the image's, which would contradict the name
    os.environ.update({_RUN: run, _EXPERIMENT: experiment})


@contextmanager
def child_run(name: str) -> Iterator[None]:
    """Let calls land in a child of the run that they would have landed in."""
    parent = os.environ.pop(_RUN, None)
    os.environ[_TAGS] = json.dumps({"mlflow.runName": name} | ({"mlflow.parentRunId": parent} if parent else {}))
    try:
        yield
    finally:
        if "mlflow" in sys.modules:
            sys.modules["mlflow"].end_run()
        del os.environ[_TAGS]
        if parent is not None:
            os.environ[_RUN] = parent
