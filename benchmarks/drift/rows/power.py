"""How long after a change the alarm comes, beside an oracle that is told what has changed, and when."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

import numpy as np

from benchmarks.drift.beside import Thresholds
from benchmarks.drift.changes import CHANGES, COMMON, POOL, REFERENCE, Change, before
from benchmarks.drift.peers import ABSENT, present
from benchmarks.drift.row import Row
from benchmarks.drift.watching import RATE, first_alarm, side_of
from benchmarks.drift.worlds import Marks
from trimtab.drift import Profile
from trimtab.drift.betting.observation import Observation

POWER = 0.9
SEED = 11


@dataclass(frozen=True)
class Moment:
    """Windows before the change, at most so many after it, and rows of a window."""

    calm: int = 20
    patience: int = 40
    rows: int = 500

    def windows(self, rows: int) -> int:
        """Windows that hold so many rows."""
        return max(ceil(rows / self.rows), 1)


EARLY, LATE, SMALL = Moment(), Moment(calm=400), Moment(patience=100, rows=100)


def run(*, quick: bool) -> list[Row]:
    """Each kind of change in 200 streams; in CI 20. A change that comes late, and small windows, are told beside."""
    streams = 20 if quick else 200
    named = {change.name: change for change in CHANGES}
    late = [named[name] for name in named if name.startswith(("a category", "missing"))]
    small = [change for change in CHANGES if not change.name.startswith("a rotation")]
    told = [(change, LATE, ", after 400 windows") for change in late]
    told += [(change, SMALL, ", windows of 100 rows") for change in small]
    thresholds = Thresholds.found() if present(quick=quick) else None
    return [
        *(measured(change, streams, thresholds=thresholds) for change in CHANGES),
        measured(COMMON, streams, places=COMMON.places, thresholds=thresholds),
        *(replace(measured(c, streams // 2, m, beside=words), bar="told", passed=None) for c, m, words in told),
    ]


def measured(
    change: Change,
    streams: int,
    moment: Moment = EARLY,
    *,
    places: int = 1,
    beside: str = "",
    thresholds: Thresholds | None = None,
) -> Row:
    """Set the median delay beside the windows an oracle's fixed-sample test needs, who is told all but the place."""
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        delays = np.array(list(workers.map(partial(delay, change.name, moment), range(streams))))
    oracle, median = moment.windows(change.oracle(RATE, POWER, places)), float(np.median(delays))
    bar = "median delay ≤ 2 × the oracle's" + (f", not told which of {places} categories" if places > 1 else "")
    notes = {
        **{words: _told(moment, rows) for words, rows in _oracles(change).items()},
        "nine in ten within": float(np.quantile(delays, 0.9)),
        "alarms before the change": int(np.sum(delays <= 0)),
        "streams": streams,
    }
    peers = thresholds.delays(change) if thresholds else ABSENT if moment is EARLY else {}
    return Row(f"power: {change.name}{beside}", bar, median, 0 < median <= 2 * oracle, peers, notes)


def _oracles(change: Change) -> dict[str, int]:
    """Rows that oracles need who ask for more or less power, or are told less."""
    found = {"oracle, power 90 %": change.oracle(RATE, POWER), "oracle, power 50 %": change.oracle(RATE, 0.5)}
    if change.places > 1:
        words = f"the first, not told which of {change.places} categories"
        found[words] = change.oracle(RATE, POWER, change.places)
    return found


def _told(moment: Moment, rows: int) -> str:
    return f"{moment.windows(rows)} windows, {rows} rows"


def delay(name: str, moment: Moment, stream: int) -> int:
    """Windows from the change to the alarm; 0 or less for one before it, one more than looked at for none."""
    change = next(change for change in (*CHANGES, COMMON) if change.name == name)
    random = np.random.default_rng([SEED, stream])
    old = before(random)
    new = change.made(old, random)
    known = random.integers(0, POOL, REFERENCE)
    profile = Profile.build({name: column[known] for name, column in old.items()}, None, None)
    at = first_alarm(side_of(profile), _windows(random, moment, Marks(profile, old), Marks(profile, new)))
    return (moment.calm + moment.patience + 1 if at is None else at) - moment.calm


def _windows(random: np.random.Generator, moment: Moment, old: Marks, new: Marks) -> Iterator[Observation]:
    for marks, windows in ((old, moment.calm), (new, moment.patience)):
        for _ in range(windows):
            yield marks.observation(random.integers(0, POOL, moment.rows))
