"""Judging a candidate: pairs just as good, and a candidate two points of accuracy better, row by row and day by day.

The judge is the product's own, with a loss gate that asks for a gain of 0.02 nats, and may rule after every window.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from scipy.stats import beta, norm

from benchmarks.drift import pairs
from benchmarks.drift.pairs import BETTER_NOISE, CHAMPION_NOISE, World
from benchmarks.drift.row import Row
from trimtab.drift import Gate, Judge, PairedSums
from trimtab.drift.sums import UNIT

ALONE, DAYS = World(50, 100, days=False), World(50, 100, days=True)
"""A budget of 5,000 labelled rows."""
GATES, ERROR_RATE, MIN_ROWS = (Gate("loss", 0.0, gain=0.02),), 0.05, 500
PAIRS, BETTER_PAIRS = 10_000, 2_000
EQUAL, BETTER = (CHAMPION_NOISE, CHAMPION_NOISE), (CHAMPION_NOISE, BETTER_NOISE)
MOST_WRONG, LEAST_FUTILE, LEAST_PROMOTED = 0.05, 0.5, 0.9
_CONFIDENCE = 0.99

Noises = tuple[float, float]
Summing = Callable[[np.ndarray, np.ndarray], Iterator[PairedSums]]


def run(*, quick: bool) -> list[Row]:
    """Judge them all."""
    share = 10 if quick else 1
    equal = {world: ruled(world, EQUAL, PAIRS // 2 // share) for world in (ALONE, DAYS)}
    better = {world: ruled(world, BETTER, BETTER_PAIRS // share) for world in (ALONE, DAYS)}
    bug = [ruled(ALONE, noises, PAIRS // 20 // share, pairs.unpaired) for noises in (EQUAL, BETTER)]
    return [
        _wrong_row(equal, naive(PAIRS // 10 // share)),
        _futile_row(equal, bug[0]),
        _promoted_row(better[ALONE], bug[1]),
        _promoted_by_days(better[DAYS], BETTER_PAIRS // 4 // share),
    ]


def ruled(
    world: World, noises: Noises, number: int, summing: Summing = pairs.paired, *, alone: bool | None = None
) -> Counter[str]:
    """Count how so many comparisons ended: Promote, Worse, Futile or KeepLooking.

    Rows stand `alone` where there are no days; saying so where there are is a bug to plant.
    """
    random = np.random.default_rng([world.days, number])
    start = Judge.start(GATES, ERROR_RATE, MIN_ROWS, alone=not world.days if alone is None else alone)
    return Counter(_ended(start, summing(*pairs.labels_and_chances(world, noises, random))) for _ in range(number))


def wrong(ended: Counter[str]) -> float:
    """Share of pairs of equals of which one was called better."""
    return _share(ended, "Promote") + _share(ended, "Worse")


def upper(hits: int, of: int) -> float:
    """Upper end of the exact one-sided interval for a share (Clopper & Pearson)."""
    return float(beta.ppf(_CONFIDENCE, hits + 1, of - hits)) if hits < of else 1.0


def naive(number: int) -> dict[str, float]:
    """Wrong verdicts of a paired t-test at the same rate, repeated after each window; and done once, at the end."""
    random, repeated, once = np.random.default_rng(5), 0, 0
    for _ in range(number):
        beyond = np.abs(_t_values(ALONE, EQUAL, random)) > norm.isf(ERROR_RATE / 2)
        repeated, once = repeated + bool(beyond.any()), once + bool(beyond[-1])
    return {"paired t-test after each window, wrong": repeated / number, "the same once, wrong": once / number}


def _ended(judge: Judge, windows: Iterator[PairedSums]) -> str:
    for sums in windows:
        judge, ruling = judge.fold(sums)
        if ruling.outcome == "Reject":
            return "Futile" if ruling.futile else "Worse"
        if ruling.outcome == "Promote":
            return "Promote"
    return "KeepLooking"


def _t_values(world: World, noises: Noises, random: np.random.Generator) -> np.ndarray:
    """Student's statistic of the loss gap after each window; by rows, or by days where there are days."""
    found = list(pairs.paired(*pairs.labels_and_chances(world, noises, random)))
    gaps, squares, rows = (np.array([getattr(s, k) for s in found]) for k in ("gap", "gap_squares", "labelled"))
    if world.days:
        gaps = gaps / rows
        squares, rows = gaps**2 / UNIT, np.ones(rows.size)
    total, of = np.cumsum(gaps) / UNIT, np.cumsum(rows)
    variance = np.maximum(np.cumsum(squares) / UNIT / of - (total / of) ** 2, 1e-12)
    return total / np.sqrt(of * variance)


def _wrong_row(equal: dict[World, Counter[str]], peers: dict[str, float]) -> Row:
    ended = equal[ALONE] + equal[DAYS]
    share, bound = wrong(ended), upper(ended["Promote"] + ended["Worse"], ended.total())
    notes = {"upper 99 % bound": bound, "rows alone": wrong(equal[ALONE]), "days": wrong(equal[DAYS])}
    bar = f"≤ {MOST_WRONG} of {ended.total():,} A/A pairs, half with days"
    return Row("judging: wrong verdicts", bar, share, bound <= MOST_WRONG, peers, notes)


def _futile_row(equal: dict[World, Counter[str]], bug: Counter[str]) -> Row:
    shares = {world: _share(ended, "Futile") for world, ended in equal.items()}
    value = sum(shares.values()) / len(shares)
    notes = {"rows alone": shares[ALONE], "days": shares[DAYS], "unpaired losses (planted bug)": _share(bug, "Futile")}
    return Row("judging: A/A ended by futility", f"≥ {LEAST_FUTILE}", value, value >= LEAST_FUTILE, {}, notes)


def _promoted_row(ended: Counter[str], bug: Counter[str]) -> Row:
    share = _share(ended, "Promote")
    before, now = pairs.accuracies(BETTER, np.random.default_rng(6))
    notes = {
        "accuracies": f"{before:.4f}, {now:.4f}",
        "refused": _share(ended, "Worse") + _share(ended, "Futile"),
        "unpaired losses (planted bug)": _share(bug, "Promote"),
    }
    bar = f"≥ {LEAST_PROMOTED} within {ALONE.windows * ALONE.rows:,} labelled rows"
    return Row("judging: 2 points better is promoted", bar, share, share >= LEAST_PROMOTED, {}, notes)


def _promoted_by_days(ended: Counter[str], number: int) -> Row:
    """Tell the same with days: what can be known of so few days is bounded, so the best fixed test stands beside."""
    random = np.random.default_rng(7)
    last = partial(_t_values, DAYS, BETTER, random)
    oracle = np.mean([last()[-1] < -norm.isf(ERROR_RATE / 2) for _ in range(number)])
    peers = {"t-test over days, once, at the end of the budget": float(oracle)}
    return Row("judging: the same, days", "told", _share(ended, "Promote"), None, peers)


def _share(ended: Counter[str], how: str) -> float:
    return ended[how] / ended.total()
