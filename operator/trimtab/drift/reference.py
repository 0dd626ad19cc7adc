"""What training promises of each quantity, and how well it knows it.

A reference is measured on blocks, each one observation whatever its number of rows. Its own error is part of the null:
a monitor that takes a mean over a few days for the truth cries wolf for ever. Half-widths are Student's, with
Bonferroni over the quantities; assumes independent blocks, enough of them for their mean to be near normal.
"""

from dataclasses import dataclass, fields
from statistics import NormalDist
from typing import Self

import numpy as np

from trimtab.drift.bet import Array, Json, Null

SPREADS = 1.0
"""Blocks count as no further than so many standard deviations on the side that costs the gambler."""

_MIN_BLOCKS = 2


@dataclass(frozen=True)
class Reference:
    """K quantities over the training's blocks; each array has shape (K,)."""

    blocks: Array
    mean: Array
    spread: Array
    """Standard deviation between blocks."""
    floored: Array
    """Mean of max(x, mean - spread)."""
    ceiled: Array
    """Mean of min(x, mean + spread)."""

    @classmethod
    def measure(cls, values: Array) -> Self:
        """Measure from block means of shape (blocks, K); NaN where a block has no value.

        A quantity with values in fewer than two blocks promises nothing: it is taken to be anything from 0 to 1.

        Raises:
            ValueError: there are fewer than two blocks.

        """
        if len(values) < _MIN_BLOCKS:
            raise ValueError(f"a reference needs at least {_MIN_BLOCKS} blocks of rows, there is {len(values)}")
        scarce = np.sum(~np.isnan(values), axis=0) < _MIN_BLOCKS
        known = np.where(scarce, np.nan, values)
        known[:_MIN_BLOCKS, scarce] = [[0.0], [1.0]]
        mean, spread = np.nanmean(known, axis=0), np.nanstd(known, axis=0, ddof=1)
        floored = np.nanmean(np.maximum(known, mean - SPREADS * spread), axis=0)
        ceiled = np.nanmean(np.minimum(known, mean + SPREADS * spread), axis=0)
        return cls(np.sum(~np.isnan(known), axis=0).astype(np.float64), mean, spread, floored, ceiled)

    def half_width(self, error: float) -> Array:
        """How far the means may be off: the chance that any of the K is further is at most `error`."""
        quantile = student_quantile(1 - error / (2 * max(self.mean.size, 1)), self.blocks - 1)
        return quantile * self.spread / np.sqrt(self.blocks)

    def null(self, tolerance: Array, error: float, bounds: tuple[Array, Array]) -> Null:
        """The claim "within `tolerance` (K,) of the promised means", the reference's own error included.

        `bounds` is what a block's value can be at all, shapes (K,); both directions of all quantities get equal
        capital.
        """
        slack = tolerance + self.half_width(error)
        return Null(
            low=self.ceiled - slack,
            high=self.floored + slack,
            floor=np.maximum(self.mean - SPREADS * self.spread, bounds[0]),
            ceiling=np.minimum(self.mean + SPREADS * self.spread, bounds[1]),
            prior=np.full((self.mean.size, 2), 0.5 / self.mean.size),
        )

    def to_json(self) -> Json:
        return {field.name: getattr(self, field.name).tolist() for field in fields(self)}

    @classmethod
    def from_json(cls, state: Json) -> Self:
        return cls(**{field.name: np.array(state[field.name], dtype=np.float64) for field in fields(cls)})


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
