"""Evidence against "the block means are where training promised", that may be looked at after every block.

Method. Each quantity is bounded, and its null says: the expected value of the next block lies in [low, high]. A gambler
who stakes the fraction f against `x ≤ high` multiplies his wealth by `1 + f·(x - high)/(high - floor)`, which cannot go
below zero and does not grow in expectation under the null; the mirror image bets against `x ≥ low`. Stakes are a fixed
grid with equal shares. As the change may come at any time, a new gambler with capital `w_t`, Σ w_t ≤ 1, enters at each
block (an e-detector): wealth ← (wealth + w_t) · factor, O(1) a block. Wealth plus the capital still to come is a
supermartingale that starts at 1, so P(wealth ever ≥ 1/α) ≤ α (Ville). An average of such wealths is one again, however
the quantities depend on one another. All wealth is cut in proportion at a cap: that keeps the property, and
as the boldest stakes then hold most of it, an alarm ends soon after the drift does.

Assumes: blocks' conditional means obey the null (dependence within a block is free, between blocks it is not).
Source: Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting", JRSS-B 2024; Shin, Ramdas &
Rinaldo, "E-detectors", NEJSDS 2024. Cost: O(quantities · stakes) a block, in time and in state.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Json = dict[str, object]

STAKES = np.array([0.9, 0.3, 0.1])
"""Fractions of the wealth that are staked: from sudden changes to slow ones."""

_MIDDLE = 1

_TINY = 1e-12


@dataclass(frozen=True)
class Null:
    """What is claimed of K quantities; every array has shape (K,), `prior` (K, 2).

    The mean of `max(x, floor)` is at most `high`, and the mean of `min(x, ceiling)` at least `low`. Floor and ceiling
    bound what one block can cost the gambler, so he can stake more. `prior` shares the first capital among the
    quantities and the two directions (up, down) and sums to 1; zero leaves a direction unwatched.
    """

    low: Array
    high: Array
    floor: Array
    ceiling: Array
    prior: Array

    def log_factors(self, block: Array) -> Array:
        """Logarithms of what one block does to each wealth, shape (K, 2, stakes); 0 where it has no value (NaN)."""
        up = (np.maximum(block, self.floor) - self.high) / np.maximum(self.high - self.floor, _TINY)
        down = (self.low - np.minimum(block, self.ceiling)) / np.maximum(self.ceiling - self.low, _TINY)
        gains = np.stack([up, down], axis=1)[:, :, None] * STAKES
        logs: Array = np.nan_to_num(np.log1p(gains), nan=0.0)
        return logs


@dataclass(frozen=True)
class Wealth:
    """The gamblers after some blocks. `log` has shape (K, 2, stakes), the others (K, 2)."""

    blocks: int
    log: Array
    climb: Array
    """Logarithm of the best wealth that any entry would have brought with the middle stake; its start is `since`."""
    since: npt.NDArray[np.int64]
    """Number (from 1) of the block in which the change that each side bets on probably began."""
    total: Array
    """Sum of the quantity since then."""
    seen: npt.NDArray[np.int64]
    """Blocks with a value since then."""

    @classmethod
    def none(cls, quantities: int) -> Self:
        """Before the first block."""
        pairs = (quantities, 2)
        none, no_count = np.zeros(pairs), np.zeros(pairs, dtype=np.int64)
        return cls(0, np.full((*pairs, STAKES.size), -np.inf), none, no_count, none, no_count)

    @classmethod
    def from_json(cls, state: Json) -> Self:
        """Read what `to_json` wrote."""
        log = np.array([[_unpack(side) for side in quantity] for quantity in state["log"]])  # type: ignore[attr-defined]
        climb, total = (np.array(state[key], dtype=np.float64) for key in ("climb", "total"))
        since, seen = (np.array(state[key], dtype=np.int64) for key in ("since", "seen"))
        return cls(int(state["blocks"]), log, climb, since, total, seen)  # type: ignore[call-overload]

    def to_json(self) -> Json:
        """Return plain JSON values; no wealth at all is written as null, as JSON has no infinity."""
        log = [
            [[None if np.isneginf(bet) else bet for bet in side] for side in quantity] for quantity in self.log.tolist()
        ]
        lists = {key: getattr(self, key).tolist() for key in ("climb", "since", "total", "seen")}
        return {"blocks": self.blocks, "log": log, **lists}

    def mean_live(self) -> Array:
        """Mean of each quantity since its change, by side, shape (K, 2)."""
        return self.total / np.maximum(self.seen, 1)


def detect(wealth: Wealth, null: Null, block: Array, log_cap: float) -> Wealth:
    """Fold one block, when a change may begin at any block. `block` has shape (K,), NaN where there is no value."""
    folded = _fold(wealth, null, block, log_start_weight(wealth.blocks + 1))
    excess = max(log_sum(log_e_values(folded, null)) - log_cap, 0.0)
    return replace(folded, log=folded.log - excess, climb=np.minimum(folded.climb, log_cap))


def accumulate(wealth: Wealth, null: Null, block: Array) -> Wealth:
    """Fold one block, when the null is right or wrong from the first block on."""
    return _fold(wealth, null, block, 0.0 if wealth.blocks == 0 else -np.inf)


def log_start_weight(number: int) -> float:
    """Capital of the gambler who enters at block `number` ≥ 1: 1/√t - 1/√(t+1), which sums to 1 over all t."""
    return float(np.log(number**-0.5 - (number + 1) ** -0.5))


def log_e_values(wealth: Wealth, null: Null) -> Array:
    """Evidence against each one-sided claim, weighed by its prior: logarithms of shape (K, 2)."""
    with np.errstate(divide="ignore"):
        return log_mean(wealth.log) + np.log(null.prior)


def log_sum(logs: Array) -> float:
    """Logarithm of the sum of all exponentials; -inf for none."""
    return float(np.logaddexp.reduce(logs, axis=None, initial=-np.inf))


def log_mean(logs: Array) -> Array:
    """Logarithm of the mean over the last axis."""
    result: Array = np.logaddexp.reduce(logs, axis=-1) - np.log(logs.shape[-1])
    return result


def _fold(wealth: Wealth, null: Null, block: Array, log_start: float) -> Wealth:
    factors = null.log_factors(block)
    fresh = wealth.climb <= 0
    has_value = ~np.isnan(block)[:, None]
    value = np.nan_to_num(block, nan=0.0)[:, None]
    return Wealth(
        blocks=wealth.blocks + 1,
        log=np.logaddexp(wealth.log, log_start) + factors,
        climb=np.maximum(wealth.climb, 0.0) + factors[:, :, _MIDDLE],
        since=np.where(fresh, wealth.blocks + 1, wealth.since),
        total=np.where(fresh, 0.0, wealth.total) + value,
        seen=np.where(fresh, 0, wealth.seen) + has_value,
    )


def _unpack(side: list[float | None]) -> list[float]:
    return [-np.inf if bet is None else bet for bet in side]
