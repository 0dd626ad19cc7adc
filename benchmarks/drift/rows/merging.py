"""Counts and sums of a window, split over replicas in any way and order: the same to the last bit, and so the verdict.

What is merged holds integers only; the planted bug of the tests sums floats instead, and fails here.
"""

import json
from collections.abc import Callable
from functools import cache, reduce
from operator import add

import numpy as np
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from benchmarks.drift.row import Row
from trimtab.drift import LabelSums, Outcomes, Profile, Watch, WatchSettings, WindowCounts, count

CASES = 100_000
ROWS = 400
SEED = 17

_cuts = st.lists(st.integers(0, ROWS), max_size=6)


def run(*, quick: bool) -> list[Row]:
    """Split one window's rows in 100,000 ways; in CI a tenth."""
    cases = CASES // 10 if quick else CASES
    broken = broken_cases(cases)
    return [
        Row(
            "merging: splits over replicas that change a byte",
            "none of 100,000",
            broken,
            broken == 0,
            {},
            {"cases": cases},
        )
    ]


def broken_cases(cases: int, summed: Callable[[np.ndarray, np.ndarray], object] | None = None) -> int:
    """Count splits after which window or verdict differ from those of the window counted whole."""
    whole, found = _told([np.arange(ROWS)], summed), 0

    @seed(SEED)
    @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(_cuts, st.integers(0, 2**32 - 1))
    def split(cuts: list[int], order: int) -> None:
        nonlocal found
        rows = np.random.default_rng(order).permutation(ROWS)
        found += _told(np.split(rows, sorted(cuts)), summed) != whole

    split()
    return found


def _told(parts: list[np.ndarray], summed: Callable[[np.ndarray, np.ndarray], object] | None) -> bytes:
    """What the monitor would write down after the window, in bytes."""
    labels, chances = _answers()
    marks = _marks()
    counts = reduce(WindowCounts.merge, (WindowCounts(p.size, marks[p].sum(axis=0, dtype=np.int64)) for p in parts))
    sums = reduce(add, ((summed or LabelSums.of)(labels[p], chances[p]) for p in parts))
    if summed is not None:
        return repr(sums).encode()
    return _verdict(json.dumps(counts.to_json()), json.dumps(sums.to_json()))


@cache
def _verdict(counts: str, sums: str) -> bytes:
    """What the watch holds after one window, as a pure function of what was merged."""
    watch, _ = _watch().fold_data("w", WindowCounts.from_json(json.loads(counts)))
    watch, _ = watch.fold_labels("w", LabelSums.from_json(json.loads(sums)))
    return json.dumps([counts, sums, watch.to_json()], sort_keys=True).encode()


@cache
def _columns() -> dict[str, np.ndarray]:
    random = np.random.default_rng(SEED)
    letters = random.choice(np.array(["a", "b", "", "new"], dtype=object), ROWS)
    return {"n": random.standard_cauchy(ROWS), "m": random.normal(size=ROWS), "letter": letters}


@cache
def _answers() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(SEED + 1)
    return random.integers(0, 2, ROWS), random.random(ROWS)


@cache
def _watch() -> Watch:
    return Watch.start(_profile(), WatchSettings(data_tolerance=0.0))


@cache
def _profile() -> Profile:
    labels, chances = _answers()
    return Profile.build(_columns(), None, Outcomes(labels, chances))


@cache
def _marks() -> np.ndarray:
    """Each row as the replica counts it, alone."""
    single = [{name: column[row : row + 1] for name, column in _columns().items()} for row in range(ROWS)]
    return np.array([count(_profile(), columns).counts for columns in single])
