"""How many of many streams in which nothing moves have an alarm in all their life."""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

import numpy as np
from scipy import stats

from benchmarks.drift.row import Row
from benchmarks.drift.watching import RATE, first_alarm, side_of
from benchmarks.drift.worlds import Marks, World
from trimtab.drift import Profile
from trimtab.drift.betting.observation import Observation
from trimtab.drift.reference.features import Feature

REFERENCES = {False: (2_000, 20_000), True: (5_000, 20_000)}
"""Rows of the references, by whether there are days: ten of them at least, as fewer than eight promise nothing."""
SEED = 5
MOST_UPPER = 0.013
LEAST_BOUNDED = 352
"""Streams without a single alarm that show the bound: 0.987^352 < 1 %."""
Alarm = Callable[[Profile, Marks, np.ndarray], bool]


def run(*, quick: bool) -> list[Row]:
    """Run 2,000 streams of 1,000 windows and as many of 10,000: enough to show the bound; fewer in CI."""
    return [
        measured("false alarms, 1,000 windows", 200 if quick else 2_000, 200 if quick else 1_000),
        measured("false alarms, 10,000 windows", 8 if quick else 2_000, 1_000 if quick else 10_000, peers=False),
    ]


def measured(name: str, streams: int, windows: int, *, peers: bool = True) -> Row:
    """Half of the streams of rows that stand alone, half of days; half with each size of the reference."""
    found = Counter()
    for days in (False, True):
        for rows in REFERENCES[days]:
            kind = f"{'days' if days else 'rows'}, reference {rows:,}"
            found[kind] = alarms(watched, streams // 4, windows, days=days, rows=rows)
    total = sum(found.values())
    upper = float(stats.beta.ppf(0.99, total + 1, streams - total)) if total < streams else 1.0
    beside = {}
    if peers:
        few = max(streams // 50, 4)
        for label, alpha in (("chi-square each window", RATE), ("the same, Bonferroni over features", RATE / 20)):
            count = alarms(partial(chi_square, alpha), few, windows, days=False, rows=REFERENCES[False][1])
            beside[label] = f"{count} of {few} streams"
    bounded = streams >= LEAST_BOUNDED
    bar = "≤ 1 % of streams" + (f" (upper 99 % bound ≤ {MOST_UPPER:.1%})" if bounded else "")
    passed = total <= RATE * streams and (upper <= MOST_UPPER or not bounded)
    notes = {"upper 99 %": f"{upper:.4f}", "streams": streams, "windows each": windows, **found}
    if not bounded:
        notes["the bound"] = f"{MOST_UPPER:.1%} cannot be shown by fewer than {LEAST_BOUNDED} streams"
    return Row(name, bar, total / streams, passed, beside, notes)


def alarms(watch: Alarm, streams: int, windows: int, *, days: bool, rows: int) -> int:
    """Count streams with any alarm; each has a reference of its own. Runs on all cores."""
    one = partial(_alarmed, watch, windows, days=days, rows=rows)
    with ProcessPoolExecutor(os.cpu_count(), initializer=os.nice, initargs=(5,)) as workers:
        return sum(workers.map(one, range(streams), chunksize=max(streams // 16, 1)))


def _alarmed(watch: Alarm, windows: int, stream: int, *, days: bool, rows: int) -> bool:
    world, random = _world(days=days), np.random.default_rng([SEED, rows, days, stream])
    profile = world.reference(random, rows)
    return watch(profile, Marks(profile, world.columns), world.draw(random, windows))


@cache
def _world(*, days: bool) -> World:
    return World.make(SEED, days=days)


def watched(profile: Profile, marks: Marks, drawn: np.ndarray) -> bool:
    """What trimtab says, after each window."""
    return first_alarm(side_of(profile), map(marks.observation, drawn)) is not None


def chi_square(alpha: float, profile: Profile, marks: Marks, drawn: np.ndarray) -> bool:
    """What a two-sample chi-square test of each feature says, repeated with each window of rows that stand alone."""
    return any(_least_p(profile, marks.observation(window)) < alpha for window in drawn)


def _least_p(profile: Profile, seen: Observation) -> float:
    layout, inputs = profile.layout, profile.inputs
    least = 1.0
    for at, feature in enumerate(layout.features):
        span = slice(layout.starts[at], layout.missing[at])
        table = np.array(
            [_cells(feature, *part, span) for part in ((inputs.hits, inputs.rows), (seen.total, seen.rows))]
        )
        table = table[:, table.sum(axis=0) > 0]
        if table.shape[1] > 1:
            least = min(least, float(stats.chi2_contingency(table).pvalue))
    return least


def _cells(feature: Feature, hits: np.ndarray, rows: np.ndarray, span: slice) -> np.ndarray:
    """Rows of each category, or between each two edges."""
    if feature.categories is not None:
        return hits[span]
    return np.diff(hits[span], prepend=0, append=rows[span.start])
