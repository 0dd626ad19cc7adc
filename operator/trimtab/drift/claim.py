"""What is claimed of the windows to come, and how a gambler who bets against it fares with one of them.

A claim says of each quantity that it lies between `low` and `high`, for each possible truth (`truths.py`). Rows that
stand alone are bet on one by one, which is many times sharper than a window as one observation; where rows depend on
one another within a window, only the window's mean is an observation.

Rows: a share is bet on by the likelihood ratio of a tilt of the bound's log odds, so the factor of a window is
`(p'/p)^hits · ((1-p')/(1-p))^misses`; exact for every share, however rare. Blocks: `1 + stake·(high - mean)`-like bets
on bounded means, as in `bet.py`. Neither grows in expectation while the claim holds.

Source: Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting", JRSS-B 2024.
"""

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from trimtab.drift.bet import STAKES, Array
from trimtab.drift.observation import Observation

TILTS = np.array([0.125, 0.25, 0.5, 1.0, 2.0])
"""Differences of log odds that are bet on: from 3 points at a half to sudden."""

_TINY = 1e-12


class Claim(Protocol):
    """The bets of K quantities, two sides (up, down), G truths, J bets."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def refutable(self) -> Array:
        """Whether anything at all would speak against each side, shape (K, 2), as 0 and 1."""
        ...

    def log_factors(self, seen: Observation) -> Array:
        """Logarithms of what one window does to each wealth, shape (K, 2, G, J)."""
        ...


@dataclass(frozen=True)
class RowClaim:
    """Shares of rows that stand alone. `hit` and `miss` are what a row does to the logarithm of each wealth."""

    hit: Array
    miss: Array

    @classmethod
    def between(cls, low: Array, high: Array) -> Self:
        """Claim that shares lie in [low, high], shape (K, G); a bound of 0 or 1 cannot be refuted."""
        up, down = _tilted(high, TILTS), _tilted(low, -TILTS)
        hit, miss = (np.stack([above, below], axis=1) for above, below in zip(up, down, strict=True))
        return cls(hit, miss)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.hit.shape

    @property
    def refutable(self) -> Array:
        able: Array = (self.hit[:, :, 0, 0] != 0).astype(np.float64)
        return able

    def log_factors(self, seen: Observation) -> Array:
        hits, misses = (count[:, None, None, None] for count in (seen.total, seen.rows - seen.total))
        result: Array = hits * self.hit + misses * self.miss
        return result


def _tilted(share: Array, tilts: Array) -> tuple[Array, Array]:
    """Logarithms of p'/p and (1-p')/(1-p), shape (K, G, J), where p' has other log odds; 0 where p is 0 or 1."""
    inner = (share > 0) & (share < 1)
    p = np.where(inner, share, 0.5)[:, :, None]
    # With t = e^tilt: p' = p·t / (1 - p + p·t).
    log_norm = np.log1p(p * np.expm1(tilts))
    return np.where(inner[:, :, None], tilts - log_norm, 0.0), np.where(inner[:, :, None], -log_norm, 0.0)


@dataclass(frozen=True)
class BlockClaim:
    """Means of windows. The mean of max(x, floor) is at most `high`, that of min(x, ceiling) at least `low`.

    `low` and `high` have shape (K, G), floor and ceiling (K,): they bound what one window can cost the gambler, so he
    can stake more.
    """

    low: Array
    high: Array
    floor: Array
    ceiling: Array

    @property
    def shape(self) -> tuple[int, ...]:
        return self.low.shape[0], 2, self.low.shape[1], STAKES.size

    @property
    def refutable(self) -> Array:
        return np.isfinite(np.stack([self.high[:, 0], self.low[:, 0]], axis=1)).astype(np.float64)

    def log_factors(self, seen: Observation) -> Array:
        mean, floor, ceiling = seen.mean[:, None], self.floor[:, None], self.ceiling[:, None]
        with np.errstate(invalid="ignore"):  # a bound that cannot be refuted is infinite: nothing is won or lost
            up = (np.maximum(mean, floor) - self.high) / np.maximum(self.high - floor, _TINY)
            down = (self.low - np.minimum(mean, ceiling)) / np.maximum(ceiling - self.low, _TINY)
        gains = np.stack([up, down], axis=1)[..., None] * STAKES
        result: Array = np.nan_to_num(np.log1p(gains), nan=0.0)
        return result
