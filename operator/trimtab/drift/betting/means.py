"""Means of rows that stand alone (a loss): what training promises of them, and bets against it row by row.

Method. A window is known by its rows, their sum and the sum of their squares. Against "the mean is at most m", of
values never below l, the stake λ multiplies the wealth by exp(λX - ψ(λ)Y), ψ(λ) = -log(1-λ) - λ, where X and Y are sum
and squares of (x - m)/(m - l): at most ∏(1 + λx), which does not grow in expectation while the claim holds. It does
not matter how many labels a window has, in which order they came, nor how losses are distributed.

The reference bets in the same way against each possible truth. A rung of the ladder (`truths.py`) is the truth at which
it has won so many nats; its winnings count against all truths from there on, as they make that bet no more favourable.
Nothing is approximated: no normal mean, no number of rows from which on one may trust it. A short reference is wide.

Assumes: rows are independent at training, and later have means that obey the claim, given the past.
Source: Fan, Grama & Liu 2015, lemma 4.1; Waudby-Smith & Ramdas, JRSS-B 2024; Wasserman, Ramdas & Balakrishnan, 2020.
Cost: O(rungs · stakes) a window.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from trimtab.drift.betting.bet import Array, Json, log_mean, log_wealth
from trimtab.drift.betting.observation import Observation

MEAN_STAKES = np.array([0.05, 0.1, 0.2, 0.4, 0.8])
"""Fractions of the wealth that are staked on a row, by how large the change is."""

_REFERENCE_STAKES = 0.8 * 0.5 ** np.arange(7)
_HALVINGS = 60
_TINY = 1e-12


@dataclass(frozen=True)
class MeanClaim:
    """Means between `low` and `high`, shape (G, K), of rows between `bounds`, shapes (K,)."""

    low: Array
    high: Array
    bounds: tuple[Array, Array]
    log_credit: Array

    @property
    def shape(self) -> tuple[int, ...]:
        return self.low.shape[0], MEAN_STAKES.size, self.low.shape[1], 2

    @property
    def refutable(self) -> Array:
        able: Array = np.stack([self.high[0] < self.bounds[1], self.low[0] > self.bounds[0]], axis=1).astype(np.float64)
        return able

    def log_factors(self, seen: Observation) -> Array:
        up = _scaled(seen, self.high, self.high - self.bounds[0], 1)
        down = _scaled(seen, self.low, self.bounds[1] - self.low, -1)
        total, squares = (np.stack(both, axis=2)[:, None] for both in zip(up, down, strict=True))
        return log_wealth(total, squares, MEAN_STAKES[:, None, None])


@dataclass(frozen=True)
class MeanReference:
    """K quantities over the training's rows, shape (K,) each."""

    rows: Array
    total: Array
    squares: Array

    @classmethod
    def measure(cls, seen: Observation) -> Self:
        return cls(seen.rows, seen.total, seen.squares)

    @property
    def mean(self) -> Array:
        return self.total / np.maximum(self.rows, 1)

    def claim(self, tolerance: Array, levels: Array, bounds: tuple[Array, Array]) -> MeanClaim:
        """The claim "within `tolerance` (K,) of the truth", for the truths at `levels` (G,) of improbability.

        `bounds` is what the value of a row can be at all, shapes (K,).
        """
        # A truth against which the reference has won less than this has (1 + e)/2 ≥ 1/2 nonetheless, and e may be 0.
        won = np.log((1 + np.exp(np.array([-np.inf, *levels[:-1]]))) / 2)
        return MeanClaim(
            low=np.maximum(self.truths(levels, bounds, -1) - tolerance, bounds[0]),
            high=np.minimum(self.truths(levels, bounds, 1) + tolerance, bounds[1]),
            bounds=bounds,
            log_credit=np.broadcast_to(won[:, None, None], (levels.size, tolerance.size, 2)),
        )

    def truths(self, levels: Array, bounds: tuple[Array, Array], side: int) -> Array:
        """The nearest mean, up (1) or down (-1), against which the reference has won `levels` nats, shape (G, K)."""
        limit = bounds[1] if side > 0 else bounds[0]
        near, far = (np.tile(end, (levels.size, 1)) for end in (self.mean, limit))
        for _ in range(_HALVINGS):
            middle = (near + far) / 2
            beyond = self._won(middle, np.abs(limit - middle), side) > levels[:, None]
            near, far = np.where(beyond, near, middle), np.where(beyond, middle, far)
        return far

    def _won(self, truth: Array, reach: Array, side: int) -> Array:
        """Logarithm of the wealth of who bet that the mean is nearer than a truth, shape (G, K)."""
        seen = Observation(self.total, self.rows, self.squares)
        total, squares = _scaled(seen, truth, reach, -side)
        return log_mean(log_wealth(total[..., None], squares[..., None], _REFERENCE_STAKES))

    def to_json(self) -> Json:
        return {field.name: getattr(self, field.name).tolist() for field in fields(self)}

    @classmethod
    def from_json(cls, state: Json) -> Self:
        return cls(**{field.name: np.array(state[field.name], dtype=np.float64) for field in fields(cls)})


def _scaled(seen: Observation, at: Array, reach: Array, sign: int) -> tuple[Array, Array]:
    """Sum and squares of the rows' distances from a mean, none below -1; shape (G, K)."""
    reach = np.maximum(reach, _TINY)
    squares = seen.squares - 2 * at * seen.total + seen.rows * at**2
    return sign * (seen.total - seen.rows * at) / reach, squares / reach**2
