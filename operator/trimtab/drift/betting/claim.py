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

from trimtab.drift.betting.bet import STAKES, Array
from trimtab.drift.betting.observation import Observation
from trimtab.drift.betting.thin import Thinness

TILTS = np.array([0.1, 0.2, 0.4, 0.8, 1.6])
"""Differences of log odds that are bet on: from a shift of 2.5 points at a half to one of 33."""

_TINY = 1e-12


class Claim(Protocol):
    """The bets of G truths, J stakes, K quantities, two sides (up, down), in this order of axes."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the bets: (G, J, K, 2)."""
        ...

    @property
    def log_credit(self) -> Array:
        """Logarithm of what the reference itself says against each truth, shape (G, K, 2)."""
        ...

    @property
    def refutable(self) -> Array:
        """Whether anything at all would speak against each side, shape (K, 2), as 0 and 1."""
        ...

    def log_factors(self, seen: Observation) -> Array:
        """Logarithms of what one window does to each wealth; 0 where it has no value."""
        ...


@dataclass(frozen=True)
class RowClaim:
    """Shares of rows that stand alone. `hit` and `miss` are what a row does to the logarithm of each wealth."""

    hit: Array
    miss: Array
    log_credit: Array

    @classmethod
    def between(cls, low: Array, high: Array, log_credit: Array) -> Self:
        """Claim that shares lie in [low, high], shape (G, K); a bound of 0 or 1 cannot be refuted."""
        up, down = _tilted(high, TILTS), _tilted(low, -TILTS)
        hit, miss = (np.stack([above, below], axis=3) for above, below in zip(up, down, strict=True))
        return cls(hit, miss, log_credit)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.hit.shape

    @property
    def refutable(self) -> Array:
        able: Array = (self.hit[0, 0] != 0).astype(np.float64)
        return able

    def log_factors(self, seen: Observation) -> Array:
        # Written out for both sides: numpy is four times slower at spreading one number over an axis of two.
        hits, misses = (np.stack([count, count], axis=1) for count in (seen.total, seen.rows - seen.total))
        result: Array = hits * self.hit
        result += misses * self.miss
        return result


def _tilted(share: Array, tilts: Array) -> tuple[Array, Array]:
    """Logarithms of p'/p and (1-p')/(1-p), shape (G, J, K), where p' has other log odds; 0 where p is 0 or 1."""
    inner = ((share > 0) & (share < 1))[:, None]
    p, tilt = np.where(inner, share[:, None], 0.5), tilts[:, None]
    # With t = e^tilt: p' = p·t / (1 - p + p·t).
    log_norm = np.log1p(p * np.expm1(tilt))
    return np.where(inner, tilt - log_norm, 0.0), np.where(inner, -log_norm, 0.0)


@dataclass(frozen=True)
class BlockClaim:
    """Means of windows. The mean of max(x, floor) is at most `high`, that of min(x, ceiling) at least `low`.

    `low` and `high` have shape (G, K), infinite where they cannot be refuted; floor and ceiling (K,) bound what one
    window can cost the gambler, so he can stake more.
    """

    low: Array
    high: Array
    floor: Array
    ceiling: Array
    log_credit: Array
    thin: Thinness | None = None
    """What is added for windows of few rows."""

    @property
    def shape(self) -> tuple[int, ...]:
        return self.low.shape[0], STAKES.size, self.low.shape[1], 2

    @property
    def refutable(self) -> Array:
        able: Array = np.isfinite(np.stack([self.high[0], self.low[0]], axis=1)).astype(np.float64)
        return able

    def log_factors(self, seen: Observation) -> Array:
        further, above, below = self.thin.of(seen.rows) if self.thin else (0.0, 0.0, 0.0)
        floor, ceiling, high, low = self.floor - further, self.ceiling + further, self.high + above, self.low - below
        with np.errstate(invalid="ignore"):  # against an infinite bound nothing is won or lost
            up = (np.maximum(seen.mean, floor) - high) / np.maximum(high - floor, _TINY)
            down = (low - np.minimum(seen.mean, ceiling)) / np.maximum(ceiling - low, _TINY)
        gains = np.stack([up, down], axis=2)[:, None] * STAKES[:, None, None]
        result: Array = np.nan_to_num(np.log1p(gains), nan=0.0)
        return result
