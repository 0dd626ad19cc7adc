"""Worlds before and after a change, and the test an oracle would use who knows the kind of the change and its time."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, log, sqrt
from statistics import NormalDist

import numpy as np

POOL, REFERENCE = 20_000, 20_000
NUMBERS, CATEGORIES = 10, 10
_CORRELATION = 0.5
_SHARES = (0.2, 0.3, 0.1, 0.15, 0.25)
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Change:
    """`made` turns the world into another; one row in `n` is worth `1/√n` of `noise` to the oracle's estimate of it."""

    name: str
    made: Callable[[Columns, np.random.Generator], Columns]
    size: float
    noise: float
    places: int = 1
    """Where such a change may be, for an oracle who is told kind and time, and not the place."""

    def oracle(self, alpha: float, power: float, places: int = 1) -> int:
        """Rows that a two-sample test of this one number needs, one-sided at level alpha, for the power.

        Who knows the kind and the time of a change, but not which of so many `places` it is in, pays by Bonferroni.
        """
        normal = NormalDist()
        needed = ((normal.inv_cdf(1 - alpha / places) + normal.inv_cdf(power)) * self.noise / self.size) ** 2
        return ceil(1 / (1 / needed - 1 / REFERENCE))


def before(random: np.random.Generator) -> Columns:
    """Ten correlated normal numbers and ten categories; one feature of each kind lacks 5 % of its values."""
    common = random.normal(size=(1, POOL))
    numbers = sqrt(_CORRELATION) * common + sqrt(1 - _CORRELATION) * random.normal(size=(NUMBERS, POOL))
    columns: Columns = {f"n{k}": row.astype(np.float32) for k, row in enumerate(numbers)}
    for k in range(CATEGORIES):
        columns[f"c{k}"] = np.array(list("abcde"), dtype=object)[random.choice(5, POOL, p=_SHARES)]
    columns["n9"][random.random(POOL) < 0.05] = np.nan  # noqa: PLR2004  # the share that rises to a tenth
    return columns


def coded(columns: Columns) -> np.ndarray:
    """One table, shape (rows, features): numbers as they are, categories by their number."""
    values = (np.unique(c, return_inverse=True)[1] if c.dtype == object else c for c in columns.values())
    return np.stack([column.astype(np.float32) for column in values], axis=1)


def _each_number(of: Callable[[np.ndarray], np.ndarray]) -> Callable[[Columns, np.random.Generator], Columns]:
    return lambda columns, _: {name: of(column) if name[0] == "n" else column for name, column in columns.items()}


def _one_number(columns: Columns, _: np.random.Generator) -> Columns:
    return columns | {"n4": columns["n4"] + np.float32(0.25)}


def _turned(columns: Columns, _: np.random.Generator) -> Columns:
    """Half a turn of half of the numbers: each looks as before, and half of the correlations change their sign."""
    return {name: -column if name in {"n0", "n2", "n4", "n6"} else column for name, column in columns.items()}


def _five_points_more(letter: str, share: float) -> Callable[[Columns, np.random.Generator], Columns]:
    """Some of the other rows get this category, which has had this share."""

    def made(columns: Columns, random: np.random.Generator) -> Columns:
        turned = (columns["c3"] != letter) & (random.random(POOL) < 0.05 / (1 - share))
        return columns | {"c3": np.where(turned, letter, columns["c3"])}

    return made


def _missing(columns: Columns, random: np.random.Generator) -> Columns:
    gone = random.random(POOL) < 0.05 / 0.95
    return columns | {"n9": np.where(gone, np.float32(np.nan), columns["n9"])}


def share_noise(one: float, other: float) -> float:
    """Standard deviation of a row's share, half before and half after."""
    return sqrt((one * (1 - one) + other * (1 - other)) / 2)


_PLACES = CATEGORIES * len(_SHARES)

CHANGES = (
    Change("mean + 0.25 σ, all numbers", _each_number(lambda x: x + np.float32(0.25)), 0.25, 1.0),
    Change("variance × 1.5, all numbers", _each_number(lambda x: x * np.float32(sqrt(1.5))), log(1.5), sqrt(2)),
    Change("one of twenty features, mean + 0.25 σ", _one_number, 0.25, 1.0),
    Change("a rotation that no feature shows", _turned, 2 * np.arctanh(_CORRELATION), 1.0),
    Change("a category's share, 10 % to 15 %", _five_points_more("c", 0.1), 0.05, share_noise(0.1, 0.15), _PLACES),
    Change("missing, 5 % to 10 %", _missing, 0.05, share_noise(0.05, 0.1)),
)
COMMON = Change(
    "a common category's share, 20 % to 25 %", _five_points_more("a", 0.2), 0.05, share_noise(0.2, 0.25), _PLACES
)
"""Beside an oracle who is told the category too, not knowing it costs more than twice; so that one is not told it."""
