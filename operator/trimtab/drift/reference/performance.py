"""Loss, accuracy and AUC of a binary classifier from bins of its scores: the rows of each, and how many are ones.

The ones may be counted or expected, so one code tells what was promised, what is estimated and what came true. All
arrays end with the axis of the B bins, from the lowest scores to the highest. A row has its bin's mean cost, and ties
of the AUC count by half: with fifty bins both sides of a comparison lie some thousandths off what single rows tell.

Cost: some passes over B numbers a window.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.bet import Array
from trimtab.drift.sums import UNIT, log_loss

METRICS = ("logLoss", "accuracy", "auc")
"""The last axis of what is told; all but the AUC are means over rows."""
_CALLED_ONE = 0.5
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Costs:
    """Sums of the means' metrics over rows of each bin, in millionths, shape (2, B): were all ones, were all zeros."""

    of_ones: Integers
    of_zeros: Integers

    @classmethod
    def of(cls, scores: npt.NDArray[np.floating], bins: npt.NDArray[np.intp], size: int) -> Self:
        """Sum over rows with `scores` and their `bins`, both of shape (rows,)."""

        def summed(truth: int) -> Integers:
            each = (log_loss(np.full(scores.size, truth), scores), (scores >= _CALLED_ONE) == truth)
            # A double holds these sums of integers exactly.
            return np.array([np.bincount(bins, np.rint(cost * UNIT), size) for cost in each]).astype(np.int64)

        return cls(summed(1), summed(0))

    def of_a_row(self, rows: Integers) -> tuple[Array, Array]:
        """Means over the `rows` (B,) that were summed: of a one, of a zero."""
        units = np.maximum(rows, 1) * UNIT
        return self.of_ones / units, self.of_zeros / units


def performance(rows: Array, ones: Array, costs: tuple[Array, Array]) -> Array:
    """Metrics (…, 3) of `rows` (…, B) of which `ones` (…, B) are ones; the AUC is NaN where all are of one kind."""
    zeros = rows - ones
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (ones @ costs[0].T + zeros @ costs[1].T) / rows.sum(axis=-1, keepdims=True)
        pairs = ones.sum(axis=-1) * zeros.sum(axis=-1)
        area = np.sum(ones * _below(zeros), axis=-1) / pairs
    return np.concatenate([means, area[..., None]], axis=-1)


def slopes(rows: Array, ones: Array, costs: tuple[Array, Array]) -> Array:
    """By how much each metric rises with one more one in place of a zero of a bin, shape (…, 3, B)."""
    zeros = rows - ones
    all_ones, all_zeros = (kind.sum(axis=-1, keepdims=True) for kind in (ones, zeros))
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (costs[0] - costs[1]) / rows.sum(axis=-1)[..., None, None]
        pairs = all_ones * all_zeros
        area = np.sum(ones * _below(zeros), axis=-1, keepdims=True) / pairs
        ranked = (_below(zeros) + _below(ones) - all_ones) / pairs - area * (1 / all_ones - 1 / all_zeros)
    return np.concatenate([means, ranked[..., None, :]], axis=-2)


def _below(counts: Array) -> Array:
    """Rows of lower bins, and half of those of the same."""
    return np.cumsum(counts, axis=-1) - counts / 2
