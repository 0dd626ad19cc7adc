"""How long after a change the alarm comes, beside an oracle that is told what has changed, and when."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np

from benchmarks.drift.changes import CHANGES, COMMON, POOL, REFERENCE, WINDOW, Change, before
from benchmarks.drift.row import Row
from benchmarks.drift.watching import RATE, first_alarm, side_of
from benchmarks.drift.worlds import Marks
from trimtab.drift import Profile
from trimtab.drift.betting.observation import Observation

CALM, PATIENCE = 20, 40
"""Windows before the change, and at most so many after it."""
POWER = 0.9
SEED = 11


def run(*, quick: bool) -> list[Row]:
    """Each kind of change in 200 streams; in CI 20."""
    streams = 20 if quick else 200
    told = replace(measured(COMMON, streams), bar="told", passed=None)
    return [*(measured(change, streams) for change in CHANGES), told]


def measured(change: Change, streams: int) -> Row:
    """Set the median delay beside the windows an oracle's fixed-sample test needs."""
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        delays = np.array(list(workers.map(partial(delay, change.name), range(streams))))
    oracle = change.oracle(RATE, POWER)
    median = float(np.median(delays))
    notes = {
        "oracle, power 90 %": f"{oracle} windows",
        "oracle, power 50 %": f"{change.oracle(RATE, 0.5)} windows",
        "nine in ten within": float(np.quantile(delays, 0.9)),
        "alarms before the change": int(np.sum(delays <= 0)),
    }
    if change.places > 1:
        unplaced = change.oracle(RATE, POWER, change.places)
        notes[f"the same, not told which of {change.places} categories"] = f"{unplaced} windows"
    return Row(f"power: {change.name}", "median delay ≤ 2 × the oracle's", median, 0 < median <= 2 * oracle, {}, notes)


def delay(name: str, stream: int) -> int:
    """Windows from the change to the alarm; 0 or less for one before it, PATIENCE + 1 for none."""
    change = next(change for change in (*CHANGES, COMMON) if change.name == name)
    random = np.random.default_rng([SEED, stream])
    old = before(random)
    new = change.made(old, random)
    known = random.integers(0, POOL, REFERENCE)
    profile = Profile.build({name: column[known] for name, column in old.items()}, None, None)
    at = first_alarm(side_of(profile), _windows(random, Marks(profile, old), Marks(profile, new)))
    return (CALM + PATIENCE + 1 if at is None else at) - CALM


def _windows(random: np.random.Generator, old: Marks, new: Marks) -> Iterator[Observation]:
    for marks, windows in ((old, CALM), (new, PATIENCE)):
        for _ in range(windows):
            yield marks.observation(random.integers(0, POOL, WINDOW))
