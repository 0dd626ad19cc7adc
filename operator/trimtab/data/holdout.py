"""Which rows are kept away from training. The same data and seed always give the same part.

Rows of one block of time depend on one another, so a block is never torn apart: neither by the cut in time, nor by
the draw. Times are int64 microseconds, shape (rows,).
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trimtab.api.common import parse_duration
from trimtab.api.reasons import TrainingReason
from trimtab.api.trainingrun import Data
from trimtab.errors import Refuse

Mask = npt.NDArray[np.bool_]
Blocks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """Masks over the snapshot's rows, shape (rows,), and each row's block (None: each row stands alone)."""

    held_out: Mask
    blocks: Blocks | None

    @property
    def training(self) -> Mask:
        return ~self.held_out


def part(table: pa.Table, data: Data, seed: int) -> Parts:
    """Part a snapshot's rows.

    Raises:
        Refuse: TooFewRows when one side would be empty, or when `holdout.by: Time` has no `data.time`.

    """
    times = _times(table, data)
    blocks = block_numbers(times, data) if times is not None else None
    if data.holdout.by == "Random":
        held_out = _draw(blocks if blocks is not None else np.arange(table.num_rows), data.holdout.fraction, seed)
    else:
        held_out = _newest(_order(times, blocks), data.holdout.fraction)
    if held_out.all() or not held_out.any():
        message = (
            f"{table.num_rows} rows cannot be parted into training and held-out rows by spec.data.holdout: "
            "widen spec.data.window, or change holdout.fraction"
        )
        raise Refuse(TrainingReason.TOO_FEW_ROWS, message)
    return Parts(held_out, blocks)


def block_numbers(times: Blocks, data: Data) -> Blocks | None:
    """Number of each row's block since 1970, or None when `data.block` is not given."""
    if data.block is None:
        return None
    length = int(parse_duration(data.block).total_seconds() * 1e6)
    return times // length


def _times(table: pa.Table, data: Data) -> Blocks | None:
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


def _draw(groups: Blocks, fraction: float, seed: int) -> Mask:
    """Whole groups, about `fraction` of them.

    A group is drawn by its own hash: once held out, it is held out of every later version too, so that champion and
    candidate are compared on rows that neither has learnt from.
    """
    names, places = np.unique(groups, return_inverse=True)
    chances = np.array([_chance(seed, int(name)) for name in names])
    mask: Mask = (chances < fraction)[places]
    return mask


def _chance(seed: int, group: int) -> float:
    digest = hashlib.sha256(f"{seed}:{group}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
