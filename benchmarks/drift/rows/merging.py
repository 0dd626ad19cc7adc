"""Counts and sums of a window, split over replicas in any way and order: the same to the last bit, and so the verdict.

What is merged holds integers only. The planted bugs of the tests sum floats, or count a batch by its first row only,
and fail here.
"""

import json
from collections.abc import Callable
from functools import cache, lru_cache, reduce
from operator import add

import numpy as np
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from benchmarks.drift.row import Row
from trimtab.drift import LabelSums, Outcomes, Profile, Watch, WatchSettings, WindowCounts, count
from trimtab.drift.reference.features import Columns

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
            f"none of {cases:,}",
            broken,
            broken == 0,
            {},
            {"cases": cases},
        )
    ]


Counted = Callable[[Profile, Columns], WindowCounts]
Summed = Callable[[np.ndarray, np.ndarray], LabelSums]


def broken_cases(cases: int, counted: Counted = count, summed: Summed = LabelSums.of) -> int:
    """Count splits after which window or verdict differ from those of the window counted whole."""
    whole, found = _told([np.arange(ROWS)], counted, summed), 0

    @seed(SEED)
    @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(_cuts, st.integers(0, 2**32 - 1))
    def split(cuts: list[int], order: int) -> None:
        nonlocal found
        rows = np.random.default_rng(order).permutation(ROWS)
        found += _told(np.split(rows, sorted(cuts)), counted, summed) != whole

    split()
    return found


def _told(parts: list[np.ndarray], counted: Counted, summed: Summed) -> bytes:
    """What the monitor would write down after the window, in bytes; each part is counted by a replica of its own."""
    labels, chances = _answers()
    batches = ({name: column[rows] for name, column in _columns().items()} for rows in parts)
    counts = reduce(WindowCounts.merge, (counted(_profile(), batch) for batch in batches))
    sums = reduce(add, (summed(labels[rows], chances[rows]) for rows in parts))
    return _verdict(json.dumps(counts.to_json()), json.dumps(sums.to_json()))


@lru_cache(maxsize=1024)
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
