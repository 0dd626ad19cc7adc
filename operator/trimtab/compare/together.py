"""Whether the numbers of two tables differ as whole rows: what no column shows by itself, such as a broken dependence.

One p-value beside the features, without a verdict: it says that the tables differ, not whether that is worth acting on.
At most so many columns and rows are looked at, at even distances; where a block is named its mean is the row. A column
that lacks all values on one side is left out: that it has gone missing it shows by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trimtab.compare.shares import Blocks
from trimtab.compare.table import Table
from trimtab.drift.joint import PERMUTATIONS, mmd_p_value

MOST_COLUMNS, MOST_ROWS = 50, 10_000
LEAST_P = 1 / (PERMUTATIONS + 1)

Values = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Together:
    """What is known of whole rows."""

    p: float
    """The least it can be is `LEAST_P`."""
    columns: int
    rows: tuple[int, int]
    """Rows looked at, or blocks."""


def together(
    tables: tuple[Table, Table], numbers: Sequence[str], blocks: tuple[Blocks, Blocks] | None
) -> Together | None:
    """Compare the first numeric columns together; None where fewer than two have values on both sides."""
    names = numbers[:MOST_COLUMNS]
    if not names:
        return None
    sides = [_rows(table, names, blocks and blocks[at]) for at, table in enumerate(tables)]
    held = np.all([np.isfinite(side).any(axis=0) for side in sides], axis=0)
    if held.sum() < 2:  # noqa: PLR2004  # one column has nothing to depend on
        return None
    before, now = (side[:, held] for side in sides)
    return Together(mmd_p_value(before, now), int(held.sum()), (len(before), len(now)))


def _rows(table: Table, names: Sequence[str], blocks: Blocks | None) -> Values:
    held = np.linspace(0, table.rows - 1, min(table.rows, MOST_ROWS)).astype(np.int64)
    columns = (table.read(name, "number").values.astype(np.float64) for name in names)
    return np.stack([column[held] if blocks is None else _means(column, blocks) for column in columns], axis=1)


def _means(column: Values, blocks: Blocks) -> Values:
    """Mean of each block over the rows that have a value; NaN where none has."""
    present = ~np.isnan(column)
    sums, rows = (np.bincount(blocks.of[present], w, blocks.number) for w in (column[present], None))
    return np.where(rows > 0, sums / np.maximum(rows, 1), np.nan)
