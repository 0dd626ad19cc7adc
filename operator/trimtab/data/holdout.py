"""Which rows a model learns from, and which are answered for by a fit that has not learnt them.

The same data and seed always give the same parts. Rows of one block of time depend on one another, so a block is never
torn apart: neither by the cut in time, nor by the draw. Times are int64 microseconds, shape (rows,).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trimtab.api.common import parse_duration
from trimtab.api.reasons import TrainingReason
from trimtab.api.trainingrun import Data
from trimtab.data.draw import by_content, drawn, name_of
from trimtab.errors import Refuse

Mask = npt.NDArray[np.bool_]
Blocks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """How each row of a snapshot is used; arrays of shape (rows,)."""

    part: Blocks
    """Part the row is held out with, from 0; -1: it is always learnt."""
    refit: bool
    """Whether the registered model learns from all rows, after fits on the rest of each part have been judged."""
    blocks: Blocks | None
    """Block of each row (None: each row stands alone)."""
    draw: str | None = None
    """Name of what held rows out; None: nothing did, all are learnt in the end."""

    @property
    def training(self) -> Mask:
        """Rows the registered model learns from."""
        return np.ones(self.part.size, dtype=np.bool_) if self.refit else self.part < 0

    @property
    def judged(self) -> Mask:
        """Rows that are answered for by a fit that has not learnt them."""
        mask: Mask = self.part >= 0
        return mask

    @property
    def numbers(self) -> list[int]:
        """The parts there are."""
        found: list[int] = np.unique(self.part[self.judged]).tolist()
        return found


def part(table: pa.Table, data: Data, seed: int) -> Parts:
    """Part a snapshot's rows.

    Raises:
        Refuse: TooFewRows when a fit or its judgement would have no row, or when `holdout.by: Time` has no `data.time`.

    """
    times = times_of(table, data)
    blocks = block_numbers(times, data) if times is not None else None
    if data.holdout.by == "Random":
        rows = drawn(blocks if blocks is not None else by_content(table, data), data.holdout, seed)
    else:
        rows = np.where(_newest(_order(times, blocks), data.holdout.fraction), 0, -1)
    parts = Parts(rows, data.holdout.refit, blocks, name_of(table, data, seed))
    if not parts.numbers or any((rows == number).all() for number in parts.numbers):
        message = (
            f"{table.num_rows} rows cannot be parted into training and held-out rows by spec.data.holdout: "
            "widen spec.data.window, or change holdout.fraction"
        )
        raise Refuse(TrainingReason.TOO_FEW_ROWS, message)
    return parts


def block_numbers(times: Blocks, data: Data) -> Blocks | None:
    """Number of each row's block since 1970, or None when `data.block` is not given."""
    if data.block is None:
        return None
    length = int(parse_duration(data.block).total_seconds() * 1e6)
    return times // length


def times_of(table: pa.Table, data: Data) -> Blocks | None:
    """Time of each row in microseconds since 1970, or None when `data.time` is not given."""
    if data.time is None:
        return None
    times: Blocks = table.column(data.time).to_numpy().astype("datetime64[us]").astype(np.int64)
    return times


def _order(times: Blocks | None, blocks: Blocks | None) -> Blocks:
    if times is None:
        message = "spec.data.holdout.by: Time needs spec.data.time; name the timestamp column, or use by: Random"
        raise Refuse(TrainingReason.TOO_FEW_ROWS, message)
    return times if blocks is None else blocks


def _newest(order: Blocks, fraction: float) -> Mask:
    """Rows from the first moment (or block) on after which at most `fraction` of the rows remain, but at least one."""
    moments, counts = np.unique(order, return_counts=True)
    later = np.cumsum(counts[::-1])[::-1]
    inside = np.flatnonzero(later <= fraction * order.size)
    first = inside[0] if inside.size else moments.size - 1
    mask: Mask = order >= moments[first]
    return mask
