"""The joint test: how fast, and how much it sees, beside alibi-detect's MMDDrift on the same tables."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from benchmarks.drift.peers import ABSENT, ask, present
from benchmarks.drift.row import Row
from trimtab.drift.joint import mmd_p_value

LARGE, SMALL, COLUMNS = 10_000, 300, 20
PERMUTATIONS, ALPHA = 100, 0.05
FASTER = 1_000
CORRELATION = 0.3
SEED = 1234
"""Not one of those whose tables the test's weights were chosen on (3, 77)."""
Tables = np.ndarray
"""Shape (repeats, rows, columns)."""


@dataclass(frozen=True)
class Kind:
    """What happens to the windows; `bar` is told where none is held."""

    name: str
    change: Callable[[Tables], Tables]
    bar: str = ""
    columns: int = COLUMNS


def run(*, quick: bool) -> list[Row]:
    """Time one comparison of large tables (in CI of a tenth of the rows), and count what is seen in small ones."""
    return [
        _speed(LARGE // 10 if quick else LARGE, quick=quick),
        *_power(10 if quick else 500, asked=present(quick=quick)),
    ]


def _speed(rows: int, *, quick: bool) -> Row:
    random = np.random.default_rng(SEED)
    one, other = random.normal(size=(2, rows, COLUMNS))
    ours = min(_seconds(one, other) for _ in range(3))
    bar = f"≥ {FASTER:,} × faster than MMDDrift, {PERMUTATIONS} permutations"
    name = f"joint: {rows:,} × {COLUMNS} against as many, s"
    if not present(quick=quick):
        return Row(name, bar, ours, None, ABSENT)
    told = ask("alibi_mmd", {"references": one[None], "windows": other[None]}, permutations=PERMUTATIONS)
    ratio = told["seconds"] / ours
    return Row(name, bar, ours, ratio >= FASTER, {"MMDDrift, s": told["seconds"]}, {"times": ratio})


def _seconds(one: np.ndarray, other: np.ndarray) -> float:
    start = time.perf_counter()
    mmd_p_value(one, other, permutations=PERMUTATIONS)
    return time.perf_counter() - start


def _power(repeats: int, *, asked: bool) -> list[Row]:
    """Tables of 300 rows, each pair with a reference of its own."""
    return [_seen(kind, *tables(kind, repeats), asked=asked) for kind in KINDS]


def _seen(kind: Kind, references: Tables, windows: Tables, *, asked: bool) -> Row:
    """Alarms of both on the same pairs of tables, at the same level."""
    pairs = enumerate(zip(references, windows, strict=True))
    ours = np.array([mmd_p_value(*pair, seed, PERMUTATIONS) for seed, pair in pairs]) <= ALPHA
    peers: dict[str, object] = ABSENT
    passed = None
    if asked:
        told = ask("alibi_mmd", {"references": references, "windows": windows}, permutations=PERMUTATIONS)
        theirs = _counted(np.array(told["p"])) <= ALPHA
        peers = {"MMDDrift": float(np.mean(theirs))}
        passed = None if kind.bar else as_often(ours, theirs)
    bar = kind.bar or "≥ MMDDrift's share of alarms, or less by chance"
    name = f"joint: {kind.name}, {SMALL} rows × {kind.columns}"
    return Row(name, bar, float(np.mean(ours)), passed, peers, {"tables": len(windows)})


def _counted(shares: np.ndarray) -> np.ndarray:
    """MMDDrift's shares of permutations as p-values that count the observed order, as ours do."""
    return (np.rint(shares * PERMUTATIONS) + 1) / (PERMUTATIONS + 1)


def as_often(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """Whether chance explains, with 5 %, that they alarm where we do not more often than the other way round."""
    lost, won = int(np.sum(theirs & ~ours)), int(np.sum(ours & ~theirs))
    return bool(binom.sf(lost - 1, lost + won, 0.5) > ALPHA)


def tables(kind: Kind, repeats: int) -> tuple[Tables, Tables]:
    """References and what is compared with them."""
    random = np.random.default_rng(SEED)
    references, windows = (_correlated(random, repeats, kind.columns) for _ in range(2))
    return references, kind.change(windows)


def _correlated(random: np.random.Generator, tables: int, columns: int) -> Tables:
    common, own = random.normal(size=(tables, SMALL, 1)), random.normal(size=(tables, SMALL, columns))
    return np.sqrt(CORRELATION) * common + np.sqrt(1 - CORRELATION) * own


def _first(of: Callable[[Tables], Tables]) -> Callable[[Tables], Tables]:
    """Change the first column, given the tables."""

    def change(tables: Tables) -> Tables:
        changed = tables.copy()
        changed[:, :, 0] = of(tables)
        return changed

    return change


def _bent(tables: Tables) -> Tables:
    """A normal column that is as large as the second one, and whose sign nothing tells."""
    return np.abs(tables[:, :, 1]) * np.sign(tables[:, :, 0])


KINDS = (
    Kind("nothing moved", lambda tables: tables, f"about {ALPHA} by chance"),
    Kind("mean + 0.1 σ, all columns", lambda tables: tables + 0.1),
    Kind("one column turned, which none shows", _first(lambda tables: -tables[:, :, 0])),
    Kind("one column as large as another, which none shows", _first(_bent), columns=5),
    Kind("spread × 1.1, all columns", lambda tables: 1.1 * tables, "told: what sums see best"),
)
