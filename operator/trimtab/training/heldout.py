"""Answers for rows by fits that have not learnt them, and the rows that the champion has not learnt either."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from trimtab.api.trainingrun import Data
from trimtab.contract.run import Champion
from trimtab.data.holdout import Mask, Parts, block_numbers, times_of
from trimtab.training.columns import Columns, rows_of
from trimtab.training.scoring import Probabilities, Scorer

MODEL_FILE, FIT_FILE = "model.onnx", "fit.json"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fit_file(parts: Parts, number: int) -> str:
    """Name of the file that answers for a part: the registered model itself, unless it has learnt the part too."""
    return f"part-{number}.onnx" if parts.refit else MODEL_FILE


def answers(folder: Path, parts: Parts, columns: Columns, threads: int) -> Probabilities:
    """Probabilities by the fits in `folder`, shape (rows,); NaN where a row is not judged."""
    found = np.full(parts.part.size, np.nan)
    for number in parts.numbers:
        rows = parts.part == number
        scorer = Scorer((folder / fit_file(parts, number)).read_bytes(), threads)
        found[rows] = scorer.score(rows_of(columns, rows))
    return found


def unlearnt_by_both(table: pa.Table, data: Data, parts: Parts, champion: Champion) -> Mask:
    """Mask of the rows to compare a candidate with the champion on, shape (rows,).

    They are the judged rows, of which the champion of the same draw has learnt none either; or, when one of the two
    learnt all there was, those in blocks after the newest row the champion learnt.
    """
    times = times_of(table, data)
    if champion.learnt_until is None or times is None:
        return parts.judged
    last = np.array([(champion.learnt_until - _EPOCH) // timedelta(microseconds=1)])
    blocks = block_numbers(last, data)
    newer: Mask = times > last if parts.blocks is None or blocks is None else parts.blocks > blocks
    return parts.judged & newer
