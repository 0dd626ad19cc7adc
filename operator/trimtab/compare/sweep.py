"""All features of two tables, a few columns in memory at a time, on as many threads as are asked for.

Reading and sorting happen outside Python's lock, so two threads keep two cores busy.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np

from trimtab.compare.decide import Drift, Terms, decide
from trimtab.compare.errors import CompareError
from trimtab.compare.measuring.categories import measure_categories
from trimtab.compare.measuring.numbers import measure_numbers
from trimtab.compare.shares import Blocks
from trimtab.compare.table import Found, Kind, Table
from trimtab.compare.together import Together, together

_ORDER = {"Drifted": 0, "Unknown": 1, "Stable": 2}
_MIN_BLOCKS = 2


@dataclass(frozen=True)
class Comparison:
    """The answer, the gravest and furthest feature first."""

    reference: Table
    current: Table
    terms: Terms
    block: str | None
    drifts: tuple[Drift, ...]
    left_out: tuple[str, ...]
    """Columns that were not compared, each with the reason."""
    together: Together | None
    """The numbers as whole rows; None for fewer than two of them."""


def compare(
    tables: tuple[Table, Table],
    terms: Terms,
    *,
    columns: Iterable[str] | None = None,
    block: str | None = None,
    threads: int = 2,
    told: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Compare a reference with a current table; `told` hears how many features are done, and of how many.

    Raises:
        CompareError: the tables have no common feature, or not the columns or blocks that are asked for.

    """
    kinds, left_out = common_features(tables, columns, block)
    blocks = None if block is None else (_blocks(tables[0], block), _blocks(tables[1], block))

    def one(name: str) -> Drift:
        kind = kinds[name]
        measure = measure_numbers if kind == "number" else measure_categories
        measured = measure(tables[0].read(name, kind), tables[1].read(name, kind), blocks)
        return decide(name, kind, measured, len(kinds), terms)

    drifts = _each(one, tuple(kinds), threads, told or (lambda _done, _of: None))
    ranked = sorted(drifts, key=lambda drift: (_ORDER[drift.verdict], -drift.effect, drift.feature))
    numbers = [name for name, kind in kinds.items() if kind == "number"]
    return Comparison(*tables, terms, block, tuple(ranked), left_out, together(tables, numbers, blocks))


def _each(
    one: Callable[[str], Drift], names: Sequence[str], threads: int, told: Callable[[int, int], None]
) -> list[Drift]:
    """Do all on so many threads; what goes wrong, or Ctrl-C, ends it without a wait for the rest."""
    drifts: list[Drift] = []
    pool = ThreadPoolExecutor(threads)
    try:
        for future in as_completed([pool.submit(one, name) for name in names]):
            drifts.append(future.result())
            told(len(drifts), len(names))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return drifts


def common_features(
    tables: tuple[Table, Table], columns: Iterable[str] | None, block: str | None
) -> tuple[dict[str, Kind], tuple[str, ...]]:
    """What to compare, and what is left out and why."""
    before, now = (table.kinds for table in tables)
    wanted = list(dict.fromkeys((*before, *now) if columns is None else columns))
    whole = {name: _why_not(name, tables) for name in wanted if name != block}
    if columns is not None and (lacking := [why for why in whole.values() if why]):
        raise CompareError("; ".join(lacking))
    if unlike := [name for name in whole if _unlike(before.get(name), now.get(name))]:
        told = ", ".join(f"'{name}' ({before[name]} and {now[name]})" for name in unlike)
        raise CompareError(f"not of one type in both files: {told}; mend them, or name others with --columns")
    kinds = {name: kind for name, why in whole.items() if not why and (kind := _kind(before[name], now[name]))}
    if not kinds:
        raise CompareError(f"{tables[0].path} and {tables[1].path} have no feature in common")
    return kinds, tuple(why for why in whole.values() if why)


def _why_not(name: str, tables: tuple[Table, Table]) -> str:
    lacking = [table.path for table in tables if name not in table.kinds]
    if lacking:
        return f"'{name}' is not in {' nor in '.join(map(str, lacking))}"
    found = [table.kinds[name] for table in tables]
    if None in found:
        return f"'{name}' is neither a number nor a text"
    return "" if _kind(*found) else f"'{name}' holds no value in either file"


def _kind(before: Found, now: Found) -> Kind | None:
    """Tell what both are: a column that holds no value on one side has gone missing, and is what the other says."""
    return next((kind for kind in (before, now) if kind in ("number", "category")), None)


def _unlike(before: Found, now: Found) -> bool:
    return {before, now} == {"number", "category"}


def _blocks(table: Table, name: str) -> Blocks:
    if name not in table.kinds:
        raise CompareError(f"'{name}' is not in {table.path}")
    column = table.labels(name)
    present, of = np.unique(column.values, return_inverse=True)
    if present.size < _MIN_BLOCKS:
        raise CompareError(
            f"{table.path} holds one block only ('{name}'), and one observation tells nothing of its spread"
        )
    return Blocks(of, present.size)
