"""How good a version is where no label says so: the performance that its scores lead to expect.

Method: rows that the model did not learn from tell how often a one is behind a score, bin by bin (histogram binning,
Zadrozny & Elkan 2001; scores as they come are not to be trusted, Guo et al. 2017). A window's performance is what its
own scores make of these rates (the idea of NannyML's CBPE; in surveys: post-stratification).

Assumes that inputs move and their meaning does not: given the score, ones are as frequent as they were. Where the
concept has drifted it is wrong, and nothing in it shows that; so it is told, and decides nothing.

The standard error counts in the labels' own chance and the reference's sampling error in each bin, so a window whose
scores lie where the reference had few rows is less certain; both are multiplied by how much further the truths of
held-out blocks lay from their estimates by the others than chance explains, as days have moods (overdispersion,
McCullagh & Nelder 1989, 4.5). Cost: one search a batch of rows; B integers a window.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.bet import Array, Json
from trimtab.drift.reference.performance import METRICS, Costs, Integers, performance, slopes
from trimtab.drift.reference.quantities import LEAST_BLOCKS

MOST_BINS, _LEAST_ROWS = 50, 50
"""Bins of the scores, and rows of the reference in each."""
_TINY = 1e-300
_KEYS = ("edges", "rows", "ones", "costsOfOnes", "costsOfZeros", "dispersion")
Groups = list[npt.NDArray[np.intp]]
Scores = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Estimate:
    """One metric of a window, as its scores lead to expect."""

    metric: str
    value: float
    promised: float
    """The same of the held-out rows, by the same bins."""
    error: float
    """Standard error: how far the window's truth lies from the value, while the concept stands."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """Held-out rows by bins of their scores. A bin ends at its edge; shapes (B - 1,) and (B,)."""

    edges: npt.NDArray[np.float32]
    rows: Integers
    ones: Integers
    costs: Costs
    dispersion: Array
    """How much more each metric varies from block to block than labels by chance would, shape (3,); at least 1."""

    @classmethod
    def of(cls, labels: npt.ArrayLike, scores: Scores, groups: Groups) -> Self | None:
        """Measure rows the model did not learn from, shape (rows,), and the row numbers of each block.

        None where there are fewer than eight blocks, or labels of one kind only.
        """
        truth, served = np.asarray(labels) > 0, scores.astype(np.float32)
        if len(groups) < LEAST_BLOCKS or truth.all() or not truth.any():
            return None
        edges = _edges(served)
        bins, size = np.searchsorted(edges, served), edges.size + 1
        rows = np.array([_count(bins[group], size) for group in groups])
        ones = np.array([_count(bins[group][truth[group]], size) for group in groups])
        costs, whole = Costs.of(served, bins, size), (rows.sum(axis=0), ones.sum(axis=0))
        return cls(edges, *whole, costs, _dispersion(rows, ones, costs.of_a_row(whole[0])))

    @property
    def size(self) -> int:
        return self.rows.size

    @cached_property
    def promised(self) -> Array:
        """The metrics of the held-out rows, shape (3,)."""
        return performance(self.rows.astype(np.float64), self.ones.astype(np.float64), self._costs)

    def tally(self, scores: npt.NDArray[np.generic]) -> Integers:
        """Count rows by the bins of their scores, shape (B,); a row without an answer is in none."""
        served = scores.astype(np.float32)
        return _count(np.searchsorted(self.edges, served[~np.isnan(served)]), self.size)

    def estimate(self, counts: Integers) -> tuple[Estimate, ...]:
        """Tell the metrics of a window by its `counts` (B,); one that such a window cannot have is left out."""
        if not counts.any():
            return ()
        rows = counts.astype(np.float64)
        values, variances = _expected(rows, self.rows, self.ones, self._costs)
        errors = np.sqrt(variances * self.dispersion)
        told = zip(METRICS, values.tolist(), self.promised.tolist(), errors.tolist(), strict=True)
        return tuple(Estimate(*each) for each in told if not np.isnan(each[1]))

    @property
    def _costs(self) -> tuple[Array, Array]:
        return self.costs.of_a_row(self.rows)

    def to_json(self) -> Json:
        """Return plain JSON values."""
        arrays = (self.edges, self.rows, self.ones, self.costs.of_ones, self.costs.of_zeros, self.dispersion)
        return dict(zip(_KEYS, (array.tolist() for array in arrays), strict=True))

    @classmethod
    def from_json(cls, state: Json) -> Self:
        """Read what `to_json` wrote."""
        edges, rows, ones, of_ones, of_zeros, dispersion = (np.array(state[key]) for key in _KEYS)
        return cls(edges.astype(np.float32), rows, ones, Costs(of_ones, of_zeros), dispersion)


def _edges(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Ends of bins with as many rows each; none ends at the highest score, so the last one has rows too."""
    bins = max(min(scores.size // _LEAST_ROWS, MOST_BINS), 1)
    edges = np.unique(np.quantile(scores, np.arange(1, bins) / bins, method="higher"))
    inner: npt.NDArray[np.float32] = edges[edges < scores.max()].astype(np.float32)
    return inner


def _count(bins: npt.NDArray[np.intp], size: int) -> Integers:
    return np.bincount(bins, minlength=size).astype(np.int64)


def _expected(rows: Array, known: Integers, ones: Integers, costs: tuple[Array, Array]) -> tuple[Array, Array]:
    """Metrics of windows of `rows` (…, B), and their variances by chance, shapes (…, 3), by reference rows and ones."""
    whole = ones.sum(axis=-1, keepdims=True) / known.sum(axis=-1, keepdims=True)
    rate = np.where(known > 0, ones / np.maximum(known, 1), whole)
    # As if one row more had been seen: a bin without a one may have some.
    likely = (ones + whole) / (known + 1)
    noise = likely * (1 - likely) * rows * (1 + rows / np.maximum(known, 1))
    steep = slopes(rows, rows * rate, costs)
    return performance(rows, rows * rate, costs), np.sum(steep**2 * noise[..., None, :], axis=-1)


def _dispersion(rows: Integers, ones: Integers, costs: tuple[Array, Array]) -> Array:
    """Squared distance of each block's truth from its estimate by all others, in units of the variance by chance."""
    values, variances = _expected(rows.astype(np.float64), rows.sum(axis=0) - rows, ones.sum(axis=0) - ones, costs)
    squares = (performance(rows.astype(np.float64), ones.astype(np.float64), costs) - values) ** 2
    told = ~np.isnan(squares)
    ratio = np.sum(squares, axis=0, where=told) / np.maximum(np.sum(variances, axis=0, where=told), _TINY)
    at_least: Array = np.maximum(ratio, 1.0)
    return at_least
