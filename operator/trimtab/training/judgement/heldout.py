"""Answers for rows by fits that have not learnt them, and the rows that the champion has not learnt either."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from trimtab.api.trainingrun import Data
from trimtab.contract.run import Champion
from trimtab.data.holdout import Blocks, Mask, Parts, block_numbers, times_of
from trimtab.training.judgement.columns import Columns, rows_of
from trimtab.training.judgement.scoring import Probabilities, Scorer

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

    They are the judged rows, where the champion held out by the same draw; else those of them in blocks after the
    newest row the champion read. Of a champion that says neither, nothing is known: all judged rows are compared.
    """
    unknown = champion.draw is None and champion.learnt_until is None
    if unknown or (champion.draw is not None and champion.draw == parts.draw):
        return parts.judged
    return parts.judged & _newer(times_of(table, data), data, parts, champion.learnt_until)


def _newer(times: Blocks | None, data: Data, parts: Parts, read_until: datetime | None) -> Mask:
    """Mask of the rows that came after a time; none where rows have no time to tell it by."""
    if times is None or read_until is None:
        return np.zeros(parts.part.size, dtype=np.bool_)
    last = np.array([(read_until - _EPOCH) // timedelta(microseconds=1)])
    blocks = block_numbers(last, data)
    newer: Mask = times > last if parts.blocks is None or blocks is None else parts.blocks > blocks
    return newer
