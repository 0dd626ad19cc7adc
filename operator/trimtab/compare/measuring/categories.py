"""How far the shares of categories have moved, each by itself and all together as a distance.

The distance is Jensen–Shannon's, the square root of the divergence in bits, 0 for the same shares and 1 for nothing in
common (Endres & Schindelin 2003). Categories that are chosen among more are chosen, and known, by a fifth of the
reference's rows and measured on the others (`features.py`): so the share of categories that are *new* is measured on
both sides alike. Cost: one pass over each side; the memory of the two columns.
"""

from dataclasses import dataclass

import numpy as np

from trimtab.compare.measuring.measured import Measured, Picture
from trimtab.compare.shares import Blocks, Integers, Shares, of_blocks, of_rows
from trimtab.compare.table import Column
from trimtab.drift.reference.features import MOST_CATEGORIES, chooses
from trimtab.drift.watching.effects import jensen_shannon


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


def _watched(codes: Integers, cells: Cells, blocks: Blocks | None) -> Shares:
    own, missing, size = cells.of[codes], codes < 0, len(cells.watched) + len(cells.others)
    if blocks is not None:
        return of_blocks(own, missing, blocks, size, cumulate=False)
    counts = np.bincount(own[~missing], minlength=size)
    return of_rows(counts, int(counts.sum()), codes.size)


def _jensen_shannon(reference: Integers, current: Integers) -> float:
    """Jensen–Shannon's distance of two counts, in [0, 1]; NaN if one is empty."""
    if not (reference.sum() and current.sum()):
        return float("nan")
    bits = jensen_shannon(reference / reference.sum(), current / current.sum())
    return float(np.sqrt(max(bits, 0.0)))


def _recoded(side: Column, places: dict[str, int]) -> Integers:
    """Places in the names of both sides; -1 stays."""
    table = np.array([*(places[name] for name in side.names or ()), -1])
    codes: Integers = table[side.values.astype(np.int64)]
    return codes
