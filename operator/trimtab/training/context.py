"""The contract with the user's training code.

A user writes one function, names it in `spec.trainer.entrypoint` (`module:function`), and is called:

    def train(data: pandas.DataFrame, hyperparameters: dict[str, Any], context: Context) -> Classifier

`data` holds the training part, never the held-out rows (with `holdout.refit` the function is called without each part
once, and last with all rows, which call's numbers are kept): the columns `context.features`, in that order, then
`context.target`. The features arrive exactly as the served model will see them, so nothing has to be guessed later:

- a numeric column (int, float, bool in the source) is `float32`, missing is `NaN`;
- a categorical column (string in the source) is text, missing is the empty text `""`;
- the target is `int64`, 0 or 1.

What comes back is a *fitted* scikit-learn classifier (usually a Pipeline) of the classes 0 and 1 with `predict_proba`,
that takes `data[list(context.features)]`. It is exported to ONNX and compared with itself, row by row; so use what
skl2onnx converts exactly: no `categorical_features=` in HistGradientBoosting (encode with OrdinalEncoder), no NaN into
RandomForest (impute first). Anything else ends in ExportFailed or ParityFailed.

The user's code may call `mlflow.log_*`: it lands in the MLflow run of this training; what a fit without a part logs, in
a child of it. The hyperparameters are logged at the end, but for those that the code has logged.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class Logged:
    """One number the user's code logged."""

    name: str
    value: float
    step: int = 0


@dataclass(frozen=True)
class Context:
    """What the user's code may know besides the data.

    Attributes:
        seed: seed of every random choice; the same seed, data and code shall give the same model.
        threads: threads the training may use (`spec.resources.cpu`); OMP_NUM_THREADS is set to it too.
        target: name of the label column.
        features: names of the feature columns, in the order the model takes them.
        numeric: those of the features that are float32.
        categorical: those of the features that are text.

    """

    seed: int
    threads: int
    target: str
    features: tuple[str, ...]
    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    logged: list[Logged] = field(default_factory=list, repr=False)

    def log_metric(self, name: str, value: float, step: int = 0) -> None:
        """Keep a number of the training (a loss, a count of trees); it is shown in the MLflow run."""
        self.logged.append(Logged(name, float(value), step))


class Classifier(Protocol):
    """What a training function gives back: fitted, of the classes 0 and 1."""

    classes_: "np.ndarray[Any, Any]"

    def predict_proba(self, X: "pd.DataFrame") -> "np.ndarray[Any, Any]":  # noqa: N803  # scikit-learn's own name
        """Probabilities of the classes 0 and 1, shape [rows, 2]."""
        ...


TrainFunction = Callable[["pd.DataFrame", dict[str, Any], Context], Classifier]
