"""Shares of rows on one side, and how surely each is known.

A share is measured on rows that stand alone, or on *blocks* of rows that depend on one another (a day): then each block
is one observation. Rows: Agresti & Caffo's (2000) standard error, honest for shares near 0 as well. Blocks: that of
their mean, which is 0 and tells nothing where all of them had the same share (`proof.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Blocks:
    """Which block each row belongs to, shape (rows,), from 0 to `number` - 1."""

    of: npt.NDArray[np.integer]
    number: int


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of rows by quantity, shape (K,), on one side."""

    mean: Array
    error: Array
    """Standard error of the mean."""
    freedom: Array
    """Degrees of freedom of that error, one less than blocks; infinite for rows that stand alone."""
    rows: int
    """Rows that have a value."""


def of_rows(counts: npt.NDArray[np.integer], present: int, rows: int) -> Shares:
    """Shares of rows that stand alone; the share missing comes last."""
    hits = np.array([*counts, rows - present], dtype=np.float64)
    of = np.array([*[present] * len(counts), rows], dtype=np.float64)
    smoothed = (hits + 1) / (of + 2)
    error = np.sqrt(smoothed * (1 - smoothed) / (of + 2))
    return Shares(hits / np.maximum(of, 1), error, np.full(of.size, np.inf), present)


def of_blocks(
    cells: npt.NDArray[np.integer], missing: npt.NDArray[np.bool_], blocks: Blocks, watched: int, *, cumulate: bool
) -> Shares:
    """Shares of blocks, each one observation; cells beyond `watched` count as rows and are no quantity."""
    width = watched + 2
    place = np.where(missing, watched + 1, np.minimum(cells, watched))
    table = np.bincount(blocks.of * width + place, minlength=blocks.number * width).reshape(-1, width)
    gone, present = table[:, -1], table[:, :-1].sum(axis=1)
    hits = np.cumsum(table, axis=1)[:, :watched] if cumulate else table[:, :watched]
    with np.errstate(invalid="ignore"):
        shares = np.column_stack([hits / np.where(present, present, np.nan)[:, None], gone / table.sum(axis=1)])
    told = np.sum(~np.isnan(shares), axis=0)
    mean = np.nansum(shares, axis=0) / np.maximum(told, 1)
    spread = np.sqrt(np.nansum((shares - mean) ** 2, axis=0) / np.maximum(told - 1, 1))
    return Shares(mean, spread / np.sqrt(np.maximum(told, 1)), told - 1.0, int(present.sum()))
