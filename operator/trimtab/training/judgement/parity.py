"""Proof that the exported model answers as the fitted one does, missing and never-seen values among the rows.

skl2onnx is silently wrong in places (HistGradientBoosting with `categorical_features=`, RandomForest fitted on missing
values: off by up to 0.7), so every export is compared before anything is registered.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from trimtab.api.reasons import TrainingReason
from trimtab.errors import Refuse
from trimtab.training.context import Classifier
from trimtab.training.judgement.columns import Columns, is_text, rows_of
from trimtab.training.judgement.scoring import Probabilities, Scorer

if TYPE_CHECKING:
    import pandas as pd

ROWS = 3000
TOLERANCE = 1e-5
UNSEEN = "never seen in training"


def prove(model: Classifier, scorer: Scorer, columns: Columns, seed: int) -> float:
    """Compare on `ROWS` rows made of the training rows; returns the greatest difference of a probability.

    Raises:
        Refuse: ParityFailed, when a difference is above 1e-5, or the model refuses missing or unseen values.

    """
    rows = probe(columns, seed)
    native, exported = _native(model, rows), scorer.score(rows)
    difference = np.abs(native - exported)
    wrong = ~(difference <= TOLERANCE)  # NaN is wrong too
    if wrong.any():
        raise Refuse(TrainingReason.PARITY_FAILED, _tell(difference, wrong))
    return float(difference.max())


def probe(columns: Columns, seed: int) -> Columns:
    """Rows to compare: a third as they are, a third with a value missing, a third with one unseen; one all missing."""
    random = np.random.default_rng(seed)
    size = len(next(iter(columns.values())))
    rows = {name: column.copy() for name, column in rows_of(columns, random.integers(size, size=ROWS)).items()}
    third = np.arange(ROWS) * 3 // ROWS
    texts = [name for name, column in rows.items() if is_text(column)] or list(rows)
    for name, column in rows.items():
        column[(third == 1) & (random.choice(list(rows), ROWS) == name)] = _missing(column)
        column[(third == 2) & (random.choice(texts, ROWS) == name)] = UNSEEN if is_text(column) else _missing(column)  # noqa: PLR2004  # the last third
        column[-1] = _missing(column)
    return rows


def _missing(column: npt.NDArray[np.generic]) -> object:
    return "" if is_text(column) else np.nan


def _native(model: Classifier, rows: Columns) -> Probabilities:
    try:
        probabilities: Probabilities = np.asarray(model.predict_proba(_frame(rows)))[:, 1]
    except ValueError as error:
        cause = " ".join(str(error).split())[:140]
        message = (
            f"the model refuses missing or unseen values, which requests will hold ({cause}): "
            "impute inside the pipeline, and encode with handle_unknown"
        )
        raise Refuse(TrainingReason.PARITY_FAILED, message) from error
    return probabilities


def _frame(rows: Columns) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415  # seconds; only the step that trains pays them

    return pd.DataFrame(rows)


def _tell(difference: npt.NDArray[np.float64], wrong: npt.NDArray[np.bool_]) -> str:
    kinds = ("rows as they are", "rows with a missing value", "rows with an unseen or missing value")
    worst = kinds[int(np.nanargmax(np.where(wrong, np.nan_to_num(difference, nan=1.0), 0))) * 3 // ROWS]
    return (
        f"the export differs by up to {np.nanmax(difference):.2g} in {wrong.sum()} of {ROWS} rows, most in {worst}: "
        "encode categories and fill missing values inside the pipeline instead of inside the estimator"
    )
