"""The joint test: how fast, and how much it sees, beside alibi-detect's MMDDrift on the same tables."""

import time

import numpy as np

from benchmarks.drift.peers import ABSENT, ask, present
from benchmarks.drift.row import Row
from trimtab.drift.joint import mmd_p_value

LARGE, SMALL, COLUMNS = 10_000, 300, 20
PERMUTATIONS, ALPHA = 100, 0.05
FASTER = 1_000
CORRELATION, SHIFT = 0.3, 0.1
SEED = 3


def run(*, quick: bool) -> list[Row]:
    """Time one comparison of large tables (in CI of a tenth of the rows), and count what is seen in small ones."""
    return [
        _speed(LARGE // 10 if quick else LARGE, quick=quick),
        *_power(10 if quick else 100, asked=present(quick=quick)),
    ]


def _speed(rows: int, *, quick: bool) -> Row:
    random = np.random.default_rng(SEED)
    one, other = random.normal(size=(2, rows, COLUMNS))
    ours = min(_seconds(one, other) for _ in range(3))
    bar = f"≥ {FASTER:,} × faster than MMDDrift, {PERMUTATIONS} permutations"
    name = f"joint: {rows:,} × {COLUMNS} against as many, s"
    if not present(quick=quick):
        return Row(name, bar, ours, None, ABSENT)
    told = ask("alibi_mmd", {"reference": one, "windows": other[None]}, permutations=PERMUTATIONS)
    ratio = told["seconds"] / ours
    return Row(name, bar, ours, ratio >= FASTER, {"MMDDrift, s": told["seconds"]}, {"times": ratio})


def _seconds(one: np.ndarray, other: np.ndarray) -> float:
    start = time.perf_counter()
    mmd_p_value(one, other, permutations=PERMUTATIONS)
    return time.perf_counter() - start


def _power(repeats: int, *, asked: bool) -> list[Row]:
    """Tables of 300 rows with a mean shift, with half a turn of half of the columns, and with nothing."""
    found = []
    for name in ("nothing moved", "mean + 0.1 σ, all columns", "a rotation that no column shows"):
        reference, windows = _tables(name, repeats)
        ours = np.array([mmd_p_value(reference, w, seed, PERMUTATIONS) for seed, w in enumerate(windows)])
        seen = float(np.mean(ours <= ALPHA))
        peers: dict[str, object] = ABSENT
        passed = None
        if asked:
            told = ask("alibi_mmd", {"reference": reference, "windows": windows}, permutations=PERMUTATIONS)
            theirs = float(np.mean(np.array(told["p"]) <= ALPHA))
            peers, passed = {"MMDDrift": theirs}, None if name == "nothing moved" else seen >= theirs
        bar = f"about {ALPHA} by chance" if name == "nothing moved" else "≥ MMDDrift's share of alarms"
        found.append(Row(f"joint: {name}, {SMALL} rows", bar, seen, passed, peers, {"tables": repeats}))
    return found


def _tables(name: str, repeats: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(SEED)
    reference, windows = _correlated(random, 1)[0], _correlated(random, repeats)
    if name.startswith("mean"):
        windows = windows + SHIFT
    if name.startswith("a rotation"):
        windows[:, :, ::2] *= -1
    return reference, windows


def _correlated(random: np.random.Generator, tables: int) -> np.ndarray:
    common, own = random.normal(size=(tables, SMALL, 1)), random.normal(size=(tables, SMALL, COLUMNS))
    return np.sqrt(CORRELATION) * common + np.sqrt(1 - CORRELATION) * own
