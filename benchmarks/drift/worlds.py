"""Streams of windows in which nothing moves, and in which something does, drawn from a finite pool of rows.

Twenty features: ten numbers (heavy tails, ties, spikes, gaps) and ten categories (two to thirty of them, rare ones
too), all of one latent normal each. Reference and windows are drawn with replacement from the same pool, so the pool is
the truth to the last digit. With days, the pool lies in so many moods; a day draws one, and all its rows from there:
the share of the first category then varies from day to day as the late flights of 2013 do, 0.03 to 0.79.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from benchmarks.drift.changes import coded
from trimtab.drift import Profile
from trimtab.drift.betting.observation import Observation
from trimtab.drift.reference.kinds import Bytes

WINDOW = 500
POOL, MOODS = 30_000, 60
DAY = 0.5
"""Standard deviation of a day's mood in those of a row: the flights' on the probit scale."""

_BYTE = 255

SPIKE = 0.6
"""Share of zeros of one of the numbers."""

NUMBERS: tuple[tuple[str, Callable[[np.ndarray], np.ndarray], float], ...] = (
    ("normal", stats.norm().ppf, 0.0),
    ("students", stats.t(3).ppf, 0.02),
    ("cauchy", stats.cauchy().ppf, 0.0),
    ("lognormal", stats.lognorm(1.5).ppf, 0.1),
    ("exponential", stats.expon().ppf, 0.0),
    ("uniform", stats.uniform().ppf, 0.05),
    ("counts", stats.poisson(3).ppf, 0.0),
    ("rounded", lambda u: np.round(stats.norm().ppf(u) * 2) / 2, 0.01),
    ("spiked", lambda u: stats.expon().ppf(np.maximum(u - SPIKE, 0) / (1 - SPIKE)), 0.0),
    ("pareto", stats.pareto(1.1).ppf, 0.3),
)
CATEGORIES = (2, 2, 3, 4, 5, 6, 8, 12, 20, 30)
FIRST = 0.25
"""Share of the first category of each feature, in all."""


@dataclass(frozen=True)
class World:
    """A pool of rows in moods of equal size; rows that stand alone have one mood."""

    columns: dict[str, np.ndarray]
    moods: int

    @classmethod
    def make(cls, seed: int, *, days: bool) -> "World":
        random, moods = np.random.default_rng(seed), MOODS if days else 1
        mood = stats.norm.ppf((np.arange(moods) + 0.5) / moods) * (DAY if days else 0.0)
        columns = {}
        for number, (name, quantile, gaps) in enumerate(NUMBERS):
            values = quantile(_uniform(random, mood, 1 if number % 2 else -1)).astype(np.float32)
            columns[name] = np.where(random.random(POOL) < gaps, np.float32(np.nan), values)
        for number, size in enumerate(CATEGORIES):
            rest = (1 - FIRST) * 1 / np.arange(1, size) / np.sum(1 / np.arange(1, size))
            bounds = np.cumsum([FIRST, *rest])[:-1]
            found = np.searchsorted(bounds, _uniform(random, mood, -1))
            columns[f"category {number}"] = np.array([f"c{k}" for k in range(size)], dtype=object)[found]
        return cls(columns, moods)

    @property
    def days(self) -> bool:
        return self.moods > 1

    def draw(self, random: np.random.Generator, windows: int, rows: int = WINDOW) -> np.ndarray:
        """Numbers of the pool's rows in so many windows, shape (windows, rows)."""
        size = POOL // self.moods
        mood = random.integers(0, self.moods, (windows, 1))
        return mood * size + random.integers(0, size, (windows, rows))

    @cached_property
    def coded(self) -> np.ndarray:
        """The pool as one table, shape (rows, features): numbers first, then categories by their number."""
        return coded(self.columns)

    def reference(self, random: np.random.Generator, rows: int) -> Profile:
        """A profile of so many rows; with days, in days of a window's size."""
        return self.profile(self.draw(random, rows // WINDOW))

    def profile(self, drawn: np.ndarray) -> Profile:
        """A profile of drawn windows; with days, a window is one, and it is named."""
        blocks = np.repeat(np.arange(len(drawn)), WINDOW) if self.days else None
        return Profile.build({name: column[drawn.ravel()] for name, column in self.columns.items()}, blocks, None)


@dataclass(frozen=True)
class Marks:
    """Which quantities of a profile each row of a pool is counted in: windows are then counted by adding rows."""

    profile: Profile
    columns: dict[str, np.ndarray]

    @cached_property
    def by_row(self) -> Bytes:
        return np.ascontiguousarray(self.profile.layout.hits(self.columns).T).view(np.uint8)

    def counts(self, drawn: np.ndarray) -> np.ndarray:
        """Counts of one window of drawn rows, shape (K,)."""
        # A byte holds a sum of up to 255 rows, and bytes are added many times faster.
        parts = (self.by_row[part] for part in np.split(drawn, range(_BYTE, drawn.size, _BYTE)))
        return np.sum([np.add.reduce(part, axis=0, dtype=np.uint8) for part in parts], axis=0, dtype=np.int64)

    def observation(self, drawn: np.ndarray) -> Observation:
        return self.profile.layout.observe(drawn.size, self.counts(drawn))


def _uniform(random: np.random.Generator, mood: np.ndarray, sign: int) -> np.ndarray:
    """Uniform in all, and moved by the mood of each part of the pool."""
    latent = random.normal(size=(mood.size, POOL // mood.size)) + sign * mood[:, None]
    scale = np.sqrt(1 + (DAY**2 if mood.size > 1 else 0.0))
    return np.clip(stats.norm.cdf(latent / scale).ravel(), 1e-9, 1 - 1e-9)
