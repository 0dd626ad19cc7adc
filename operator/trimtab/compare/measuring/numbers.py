"""How far a number has moved, in shares of rows below the reference's deciles and as a distance.

The distance is Wasserstein's, the mean difference of equal quantiles, in units of the reference's scale (its
interquartile range over 1.349, which is σ of a normal). Cost: one sort of each side; the memory of the two columns.
"""

import numpy as np
import numpy.typing as npt

from trimtab.compare.measuring.measured import Measured, Picture
from trimtab.compare.shares import Blocks, Shares, of_blocks, of_rows
from trimtab.compare.table import Column
from trimtab.drift.reference.features import DECILES, in_words, with_common

_QUANTILES = (np.arange(1000) + 0.5) / 1000
_QUARTILES_OF_NORMAL = 1.349
_CELLS = 40


def measure_numbers(reference: Column, current: Column, blocks: tuple[Blocks, Blocks] | None) -> Measured:
    """Measure a numeric feature."""
    sides = _alike(reference, current)
    ordered = [_present(side) for side in sides]
    known = ordered[0] if ordered[0].size else ordered[1]
    edges = _edges(known) if known.size else known
    shares = [
        _below(side, values, edges, blocks and blocks[at])
        for at, (side, values) in enumerate(zip(sides, ordered, strict=True))
    ]
    quantities = (*in_words(edges, ".4g"), "missing")
    return Measured(_wasserstein(*ordered), quantities, shares[0], shares[1], _histogram(*ordered))


def _edges(ordered: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Deciles of sorted numbers, and what lies below those that are common."""
    deciles = np.unique(ordered[(DECILES * ordered.size).astype(int)])
    rows = np.searchsorted(ordered, deciles, "right") - np.searchsorted(ordered, deciles, "left")
    return with_common(deciles, rows / ordered.size)


def _alike(reference: Column, current: Column) -> tuple[Column, Column]:
    """Round both to the shorter of their types, as a number that is kept with fewer digits would differ from itself."""
    if reference.values.dtype == current.values.dtype:
        return reference, current
    limits = np.finfo(np.float32)
    first, second = (np.clip(side.values, limits.min, limits.max).astype(np.float32) for side in (reference, current))
    return Column(first), Column(second)


def _present(side: Column) -> npt.NDArray[np.floating]:
    """Sort the values that are there."""
    values = np.sort(side.values)
    present: npt.NDArray[np.floating] = values[: np.searchsorted(values, np.nan)]
    return present


def _below(
    side: Column, ordered: npt.NDArray[np.floating], edges: npt.NDArray[np.floating], blocks: Blocks | None
) -> Shares:
    if blocks is None:
        return of_rows(np.searchsorted(ordered, edges, "right"), ordered.size, side.rows)
    cells = np.searchsorted(edges, side.values)
    return of_blocks(cells, np.isnan(side.values), blocks, edges.size, cumulate=True)


def _wasserstein(reference: npt.NDArray[np.floating], current: npt.NDArray[np.floating]) -> float:
    """Wasserstein's distance of two sorted arrays in units of the first one's scale; NaN if one is empty."""
    if not (reference.size and current.size):
        return float("nan")
    sides = [values[(_QUANTILES * values.size).astype(int)].astype(np.float64) for values in (reference, current)]
    low, high = reference[(np.array([0.25, 0.75]) * reference.size).astype(int)]
    scale = float(high - low) / _QUARTILES_OF_NORMAL or float(sides[0].std()) or float(abs(sides[0][0])) or 1.0
    return float(np.mean(np.abs(sides[0] - sides[1]))) / scale


def _histogram(reference: npt.NDArray[np.floating], current: npt.NDArray[np.floating]) -> Picture:
    """Shares by cells between the outermost hundredths of both sides; what lies beyond counts to the last cells."""
    sides = [side for side in (reference, current) if side.size]
    if not sides:
        return Picture((), ())
    low = min(float(side[side.size // 100]) for side in sides)
    high = max(float(side[side.size - 1 - side.size // 100]) for side in sides)
    edges = np.linspace(low, high if high > low else low + 1, _CELLS + 1)
    before, now = (
        np.diff([0, *np.searchsorted(side, edges[1:-1]), side.size]) / max(side.size, 1)
        for side in (reference, current)
    )
    return Picture(tuple(before.tolist()), tuple(now.tolist()), edges=tuple(edges.tolist()))
