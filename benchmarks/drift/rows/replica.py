"""What watching costs a replica: counting a batch of 32 rows of twenty features, and what is kept for each feature."""

import json
import time
from collections import Counter
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.drift.row import Row
from trimtab.drift import PREDICTION, Outcomes, Profile, Watch, WatchSettings, count

BATCH, GATHERED = 32, 64
"""Rows of a request, and requests that a busy replica's teller counts at once."""
MOST_MICROSECONDS, MOST_KILOBYTES = 20.0, 64.0
REPEATS = 200
_BINS = np.linspace(-2, 2, 10)
Rows = dict[str, np.ndarray]
Case = tuple[Callable[[Rows], object], Callable[[], Rows]]
"""What counts, and what makes the rows."""


def run(*, quick: bool) -> list[Row]:
    """Best of many repeats: what others do on the machine is not the code's. A quick run has few, so it only tells."""
    random = np.random.default_rng(1)
    reference = _columns(random, 20_000)
    profile = Profile.build(reference, None, Outcomes(random.integers(0, 2, 20_000), random.random(20_000)))
    gathered = _columns(random, BATCH * GATHERED) | {PREDICTION: random.random(BATCH * GATHERED, np.float32)}
    alone = {name: column[:BATCH] for name, column in gathered.items()}
    repeats = REPEATS // 10 if quick else REPEATS
    ours = partial(count, profile)
    cases = [(ours, lambda: gathered), (_plainly, lambda: gathered), (ours, lambda: _read(gathered))]
    together, plainly, read = (best / GATHERED for best in _microseconds(cases, repeats))
    peers = {"histogram and Counter, column by column, µs": plainly}
    notes = {
        "of texts that nobody looked at before, µs": read,
        "a batch counted alone, µs": _microseconds([(ours, lambda: alone)], repeats)[0],
    }
    state = len(json.dumps(Watch.start(profile, WatchSettings()).to_json())) + len(json.dumps(profile.to_json()))
    size = state / 1024 / (len(profile.features) + 1)
    return [
        Row(
            "replica: a batch of 32 × 20, µs",
            "≤ 20 µs, 64 requests gathered",
            together,
            None if quick else together <= MOST_MICROSECONDS,
            peers,
            notes,
        ),
        Row("kept for each feature, KB", "≤ 64 KB, reference and evidence as JSON", size, size <= MOST_KILOBYTES),
    ]


def _microseconds(cases: list[Case], repeats: int) -> list[float]:
    """The best of each; the cases take turns, so that what slows the machine for a while slows them all."""
    found = [[_seconds(*case) for case in cases] for _ in range(repeats)]
    return [min(case) * 1e6 for case in zip(*found, strict=True)]


def _seconds(counted: Callable[[Rows], object], rows: Callable[[], Rows]) -> float:
    columns = rows()
    start = time.perf_counter()
    counted(columns)
    return time.perf_counter() - start


def _plainly(columns: Rows) -> None:
    """Count each column by NumPy and the standard library: no feature together with another, no missing value."""
    for column in columns.values():
        Counter(column.tolist()) if column.dtype == object else np.histogram(column, _BINS)


def _read(columns: Rows) -> Rows:
    """The same rows with texts as they come from a request: each a new object, not yet hashed."""
    texts = {name: column.tolist() for name, column in columns.items() if column.dtype == object}
    read = json.loads(json.dumps(texts))
    return columns | {name: np.array(texts, dtype=object) for name, texts in read.items()}


def _columns(random: np.random.Generator, rows: int) -> Rows:
    numbers = {f"n{at}": random.normal(size=rows).astype(np.float32) for at in range(10)}
    texts = np.array(["ATL", "BOS", "EWR", "JFK", "LAX", "LGA", "ORD", "SFO"], dtype=object)
    return numbers | {f"c{at}": texts[random.integers(0, texts.size, rows)] for at in range(10)}
