"""What training promises of each quantity, and how far the truth may be from it.

Rows that stand alone are counted: a binomial share, whose truth is bounded by Chernoff's inequality, exact for every
share and also where an edge was chosen as the sample's own quantile. Rows in blocks (days) are as many observations as
there are blocks: a mean, whose truth is bounded by Student's t; assumes independent blocks, enough of them for their
mean to be near normal. Fewer than eight blocks promise nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import NormalDist
from typing import Self, TypeVar

import numpy as np

from trimtab.drift.betting.bet import Array, Json
from trimtab.drift.betting.claim import BlockClaim, RowClaim
from trimtab.drift.betting.observation import Observation
from trimtab.drift.betting.thin import Thinness
from trimtab.drift.betting.truths import credit_of_mean, credit_of_share

SPREADS = 1.0
"""Blocks count as no further than so many standard deviations on the side that costs the gambler."""

LEAST_BLOCKS = 8
_HALVINGS = 60
_TINY = 1e-12
_FLAT = 1e-9
"""A spread below it is that of rounding."""

R = TypeVar("R", bound="RowReference | BlockReference")


@dataclass(frozen=True)
class RowReference:
    """Shares of rows that stand alone: `hits` of `rows`, each of shape (K,)."""

    hits: Array
    rows: Array

    @property
    def mean(self) -> Array:
        return self.hits / np.maximum(self.rows, 1)

    def claim(self, tolerance: Array, levels: Array, bounds: tuple[Array, Array]) -> RowClaim:
        """The claim "within `tolerance` (K,) of the truth", for the truths at `levels` (G,) of improbability.

        The chance that the truth of a quantity is beyond one side of a level is at most exp(-level). `bounds` is what
        a window's mean can be at all, shapes (K,).
        """
        truths = [truth_of_share(self.hits, self.rows, np.array([0.0, *levels]), side) for side in (1, -1)]
        credit = [credit_of_share(self.hits, self.rows, truth[:-1]) for truth in truths]
        high, low = (truth[1:] for truth in truths)
        return RowClaim.between(
            np.maximum(low - tolerance, bounds[0]), np.minimum(high + tolerance, bounds[1]), np.stack(credit, axis=2)
        )

    def to_json(self) -> Json:
        return {"rows": self.rows.tolist(), "hits": self.hits.tolist()}


@dataclass(frozen=True)
class BlockReference:
    """K quantities over the training's blocks; each array has shape (K,)."""

    blocks: Array
    mean: Array
    spread: Array
    """Standard deviation between blocks."""
    floored: Array
    """Mean of max(x, mean - spread)."""
    ceiled: Array
    """Mean of min(x, mean + spread)."""
    rows: Array
    """Of a block: the harmonic mean, which says how much of the spread is chance."""
    variance: Array
    """Of a row."""

    @classmethod
    def measure(cls, seen: Sequence[Observation]) -> Self:
        """Measure from what each block says; one may say nothing of a quantity."""
        values, of = (np.array([getattr(block, name) for block in seen]) for name in ("mean", "rows"))
        blocks = np.sum(~np.isnan(values), axis=0).astype(np.float64)
        known = np.where(blocks > 1, values, [[0.0], *[[0.5]] * (len(values) - 1)])
        mean, spread = np.nanmean(known, axis=0), np.nanstd(known, axis=0, ddof=min(len(values) - 1, 1))
        floored = np.nanmean(np.maximum(known, mean - SPREADS * spread), axis=0)
        ceiled = np.nanmean(np.minimum(known, mean + SPREADS * spread), axis=0)
        rows = blocks / np.maximum(np.sum(1 / np.maximum(of, 1), axis=0, where=of > 0), _TINY)
        return cls(blocks, mean, spread, floored, ceiled, rows, _variance(seen))

    def reach(self, levels: Array) -> tuple[Array, Array]:
        """How far the truths at `levels` (G,) are from the means, and what speaks against them, shapes (G, K).

        With too few blocks the truth may be anywhere. A share that was the same in all blocks says nothing of its
        spread: it is bounded by Chernoff's inequality, and speaks against nothing nearer.
        """
        freedom = np.maximum(self.blocks, LEAST_BLOCKS) - 1
        steps = np.stack([student_quantile(1 - np.exp(-level) / 2, freedom) for level in levels])
        reach, credit = steps * self.spread / np.sqrt(freedom + 1), credit_of_mean(steps, freedom)
        flat = np.flatnonzero((self.spread < _FLAT) & (self.mean >= 0) & (self.mean <= 1))
        mean, blocks = self.mean[flat], self.blocks[flat]
        ends = [truth_of_share(mean * blocks, blocks, levels, side) for side in (-1, 1)]
        reach[:, flat], credit[:, flat] = np.maximum(mean - ends[0], ends[1] - mean), credit[0, flat]
        reach[:, self.blocks < LEAST_BLOCKS] = np.inf
        return reach, credit

    def claim(self, tolerance: Array, levels: Array, bounds: tuple[Array, Array]) -> BlockClaim:
        """As for rows, of the means of windows."""
        reach, credit = self.reach(np.array([0.0, *levels]))
        slack = tolerance + reach[1:]
        low, high = self.ceiled - slack, self.floored + slack
        return BlockClaim(
            log_credit=np.stack([credit[:-1]] * 2, axis=2),
            low=np.where(low > bounds[0], low, -np.inf),
            high=np.where(high < bounds[1], high, np.inf),
            floor=np.maximum(self.mean - SPREADS * self.spread, bounds[0]),
            ceiling=np.minimum(self.mean + SPREADS * self.spread, bounds[1]),
            thin=Thinness(self.rows, self.variance, self.spread, (self.floored - self.mean, self.mean - self.ceiled)),
        )

    def to_json(self) -> Json:
        return {field.name: getattr(self, field.name).tolist() for field in fields(self)}


def read(kind: type[R], state: Json) -> R:
    """Read what `to_json` of such a reference wrote; what an earlier release did not know of is 0."""
    none = np.zeros_like(np.array(state[fields(kind)[0].name], dtype=np.float64))
    return kind(**{field.name: np.array(state.get(field.name, none), dtype=np.float64) for field in fields(kind)})


def joined(parts: Sequence[R]) -> R:
    """Put references of different quantities side by side."""
    kind = type(parts[0])
    return kind(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(kind)})


def cut(reference: R, quantities: slice) -> R:
    """Take some of the quantities."""
    return type(reference)(**{f.name: getattr(reference, f.name)[quantities] for f in fields(reference)})


def _variance(seen: Sequence[Observation]) -> Array:
    """Variance of a row, of all blocks together."""
    rows, total, squares = (sum(getattr(block, name) for block in seen) for name in ("rows", "total", "squares"))
    of = np.maximum(rows, 1)
    result: Array = np.maximum(squares / of - (total / of) ** 2, 0.0)
    return result


def truth_of_share(hits: Array, rows: Array, levels: Array, side: int) -> Array:
    """The furthest share, up (1) or down (-1), that `hits` of `rows` (K,) leave possible at `levels`; shape (G, K).

    Solves rows · kl(hits/rows, p) = level by halving, and rounds outwards. Source: Chernoff's inequality.
    """
    seen, level = hits / np.maximum(rows, 1), levels[:, None]
    known = _x_log_x(seen) + _x_log_x(1 - seen)
    near, far = np.tile(seen, (levels.size, 1)), np.full((levels.size, hits.size), (side + 1) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):  # at 0 and 1, which are never beyond
        for _ in range(_HALVINGS):
            middle = (near + far) / 2
            beyond = rows * (known - seen * np.log(middle) - (1 - seen) * np.log1p(-middle)) > level
            near, far = np.where(beyond, near, middle), np.where(beyond, middle, far)
    return far


def _x_log_x(x: Array) -> Array:
    result: Array = x * np.log(np.where(x > 0, x, 1.0))
    return result


def student_quantile(probability: float, freedom: Array) -> Array:
    """Quantile of Student's t by its expansion about the normal (Abramowitz & Stegun 26.7.5).

    Numpy has no quantiles, and statistics here lean on nothing heavier.
    """
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    result = np.full_like(freedom, z)
    for power, term in enumerate(terms, start=1):
        result += term / freedom**power
    return result
