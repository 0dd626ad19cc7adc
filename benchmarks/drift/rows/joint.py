"""The joint test: how fast, and how much it sees, beside alibi-detect's MMDDrift on the same tables."""

import time

import numpy as np
from scipy.stats import binom

from benchmarks.drift.peers import ABSENT, ask, present
from benchmarks.drift.row import Row
from trimtab.drift.joint import mmd_p_value

LARGE, SMALL, COLUMNS = 10_000, 300, 20
PERMUTATIONS, ALPHA = 100, 0.05
FASTER = 1_000
CORRELATION, SHIFT, TURNED, WIDER = 0.3, 0.1, 1, 1.1
"""Of the columns: what they share, what their means move by, how many change the sign of their correlations, and by how
much all are more spread."""
SEED = 1234
"""Not the one whose tables the test's weights were chosen on (3)."""
STILL, SPREAD = "nothing moved", f"spread × {WIDER}, all columns"
_TOLD = {STILL: f"about {ALPHA} by chance", SPREAD: "told: each column shows it by itself"}


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
    """Tables of 300 rows with a mean shift, with half a turn of a column, a wider spread (told), and with nothing."""
    names = (STILL, "mean + 0.1 σ, all columns", f"{TURNED} of {COLUMNS} columns turned, which none shows", SPREAD)
    return [_seen(name, *tables(name, repeats), asked=asked) for name in names]


def _seen(name: str, references: np.ndarray, windows: np.ndarray, *, asked: bool) -> Row:
    """Alarms of both on the same pairs of tables, each pair with a reference of its own, at the same level."""
    pairs = enumerate(zip(references, windows, strict=True))
    ours = np.array([mmd_p_value(*pair, seed, PERMUTATIONS) for seed, pair in pairs]) <= ALPHA
    peers: dict[str, object] = ABSENT
    passed = None
    if asked:
        told = ask("alibi_mmd", {"references": references, "windows": windows}, permutations=PERMUTATIONS)
        theirs = _counted(np.array(told["p"])) <= ALPHA
        peers = {"MMDDrift": float(np.mean(theirs))}
        passed = None if name in _TOLD else as_often(ours, theirs)
    bar = _TOLD.get(name, "≥ MMDDrift's share of alarms, or less by chance")
    return Row(f"joint: {name}, {SMALL} rows", bar, float(np.mean(ours)), passed, peers, {"tables": len(windows)})


def _counted(shares: np.ndarray) -> np.ndarray:
    """MMDDrift's shares of permutations as p-values that count the observed order, as ours do."""
    return (np.rint(shares * PERMUTATIONS) + 1) / (PERMUTATIONS + 1)


def as_often(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """Whether chance explains, with 5 %, that they alarm where we do not more often than the other way round."""
    lost, won = int(np.sum(theirs & ~ours)), int(np.sum(ours & ~theirs))
    return bool(binom.sf(lost - 1, lost + won, 0.5) > ALPHA)


def tables(name: str, repeats: int) -> tuple[np.ndarray, np.ndarray]:
    """References and what is compared with them, shapes (repeats, rows, columns)."""
    random = np.random.default_rng(SEED)
    references, windows = _correlated(random, repeats), _correlated(random, repeats)
    if name.startswith("mean"):
        windows = windows + SHIFT
    if name == SPREAD:
        windows = windows * WIDER
    if "turned" in name:
        windows[:, :, :TURNED] *= -1
    return references, windows


def _correlated(random: np.random.Generator, tables: int) -> np.ndarray:
    common, own = random.normal(size=(tables, SMALL, 1)), random.normal(size=(tables, SMALL, COLUMNS))
    return np.sqrt(CORRELATION) * common + np.sqrt(1 - CORRELATION) * own
