"""How far one feature has moved, in shares of rows (`shares.py`) and as a distance.

Distance of numbers: Wasserstein's, the mean difference of equal quantiles, in units of the reference's scale (its
interquartile range over 1.349, which is σ of a normal). Of categories: Jensen–Shannon's, the square root of the
divergence in bits, 0 for the same shares and 1 for nothing in common (Endres & Schindelin 2003).

Categories that are chosen among more are chosen, and known, by a fifth of the reference's rows and measured on the
others (`features.py`): so the share of categories that are *new* is measured on both sides alike.
Cost: one sort of each side; the memory of the two columns.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from trimtab.compare.shares import Blocks, Integers, Shares, of_blocks, of_rows
from trimtab.compare.table import Column
from trimtab.drift.reference.features import DECILES, MOST_CATEGORIES, chooses, in_words, with_common
from trimtab.drift.watching.effects import jensen_shannon

_QUANTILES = (np.arange(1000) + 0.5) / 1000
_QUARTILES_OF_NORMAL = 1.349
_CELLS = 40


@dataclass(frozen=True)
class Picture:
    """What a plot shows: shares of rows by category, or by cell of a grid with one more edge than cells."""

    reference: tuple[float, ...]
    current: tuple[float, ...]
    names: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()

    @property
    def places(self) -> tuple[str, ...] | tuple[float, ...]:
        """Name or middle of each share."""
        return self.names or tuple((low + high) / 2 for low, high in pairwise(self.edges))


@dataclass(frozen=True, eq=False)
class Measured:
    """One feature of both tables."""

    distance: float
    quantities: tuple[str, ...]
    reference: Shares
    current: Shares
    picture: Picture
    unseen: float = 0.0
    """Share of rows, on the side that has fewer, whose moves among one another no quantity shows."""


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


def measure_categories(reference: Column, current: Column, blocks: tuple[Blocks, Blocks] | None) -> Measured:
    """Measure a categorical feature; the reference's commonest categories are watched, all others together."""
    names = tuple(dict.fromkeys((*(reference.names or ()), *(current.names or ()))))
    places = {name: place for place, name in enumerate(names)}
    coded = [_recoded(side, places) for side in (reference, current)]
    counts = [_counts(codes, len(names)) for codes in coded]
    among_more = bool(np.count_nonzero(counts[0]) > MOST_CATEGORIES)
    choosing = chooses(reference.rows) if among_more else np.zeros(reference.rows, dtype=bool)
    cells = _cells(_counts(coded[0][choosing], len(names)) if among_more else counts[0], among_more=among_more)
    first, second = (
        _watched(codes[kept], cells, blocks and Blocks(blocks[at].of[kept], blocks[at].number))
        for at, (codes, kept) in enumerate(zip(coded, (~choosing, slice(None)), strict=True))
    )
    quantities = (*(f"= {names[place]}" for place in cells.watched), *cells.others, "missing")
    before, now = first.mean, second.mean
    rest = slice(len(cells.watched), -1)
    unseen = float(np.minimum(before[rest], now[rest]).sum())
    picture = Picture(tuple(before.tolist()), tuple(now.tolist()), names=quantities)
    return Measured(_jensen_shannon(*counts), quantities, first, second, picture, unseen)


@dataclass(frozen=True, eq=False)
class Cells:
    """Where categories are counted: `of` each, and missing at the end, shape (names + 1,)."""

    of: Integers
    watched: Integers
    """Those with a cell of their own, the first ones; `others` share the cells that follow."""
    others: tuple[str, ...]


def _cells(counts: Integers, *, among_more: bool) -> Cells:
    """Give the commonest categories a cell each; where there are more of them those without a count are new."""
    common = np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]
    watched = common[counts[common] > 0]
    of = np.where(np.append(counts, 0) > 0, watched.size, watched.size + among_more)
    of[watched] = np.arange(watched.size)
    return Cells(of, watched, ("other", "new") if among_more else ("other",))


def _counts(codes: Integers, names: int) -> Integers:
    return np.bincount(codes + 1, minlength=names + 1)[1:]


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


def _watched(codes: Integers, cells: Cells, blocks: Blocks | None) -> Shares:
    own, missing, size = cells.of[codes], codes < 0, len(cells.watched) + len(cells.others)
    if blocks is not None:
        return of_blocks(own, missing, blocks, size, cumulate=False)
    counts = np.bincount(own[~missing], minlength=size)
    return of_rows(counts, int(counts.sum()), codes.size)


def _wasserstein(reference: npt.NDArray[np.floating], current: npt.NDArray[np.floating]) -> float:
    """Wasserstein's distance of two sorted arrays in units of the first one's scale; NaN if one is empty."""
    if not (reference.size and current.size):
        return float("nan")
    sides = [values[(_QUANTILES * values.size).astype(int)].astype(np.float64) for values in (reference, current)]
    low, high = reference[(np.array([0.25, 0.75]) * reference.size).astype(int)]
    scale = float(high - low) / _QUARTILES_OF_NORMAL or float(sides[0].std()) or float(abs(sides[0][0])) or 1.0
    return float(np.mean(np.abs(sides[0] - sides[1]))) / scale


def _jensen_shannon(reference: Integers, current: Integers) -> float:
    """Jensen–Shannon's distance of two counts, in [0, 1]; NaN if one is empty."""
    if not (reference.sum() and current.sum()):
        return float("nan")
    bits = jensen_shannon(reference / reference.sum(), current / current.sum())
    return float(np.sqrt(max(bits, 0.0)))


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


def _recoded(side: Column, places: dict[str, int]) -> Integers:
    """Places in the names of both sides; -1 stays."""
    table = np.array([*(places[name] for name in side.names or ()), -1])
    codes: Integers = table[side.values.astype(np.int64)]
    return codes
