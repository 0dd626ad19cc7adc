"""Evidence about one harm of a candidate: against "its mean is at most m" and against "at least m", at any time.

Two kinds. *Blocks*: rows of a window depend on one another (a day), so each window is one bounded observation, bet on
as in `bet.py`; the limits bet on are fixed beforehand. A block's loss gap is cut at both ends alike, twice as far
out as any limit at least, and the claim is about the mean of the cut gaps: a cut on the side that costs the gambler
only would raise the mean of equals, and prove either the better in time. Windows of few labels are gathered into one
block, so that little is cut; the estimate is the mean of the gaps as they are.

*Rows*: each row stands alone, and a window of them, known by its sum S and its squares Q, multiplies the wealth at
stake λ by exp(λS - ψ(λ)Q), ψ(λ) = -log(1-λ) - λ, with values scaled so that none is below -1: that is at most
∏(1 + λx), which does not grow in expectation while E[x | past] ≤ 0. So sums over all windows are the whole state, every
limit can be asked for afterwards, and the order does not matter.

Assumes: means given the past obey the claim: of windows for blocks, of rows for rows. Wealth is the mean over a grid of
stakes. Source: Fan, Grama & Liu 2015, lemma 4.1; Howard, Ramdas, McAuliffe & Sekhon 2021; Waudby-Smith & Ramdas 2024.
Cost: O(stakes) a window.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, Self

import numpy as np

from trimtab.drift.betting.bet import STAKES, Array, Json, log_mean, log_wealth
from trimtab.drift.judging.harms import HARMS, Metric, Rows
from trimtab.drift.judging.interval import Interval
from trimtab.drift.sums import PairedSums

Side = Literal["above", "below"]
Claim = tuple[Side, float]
"""("above", m) is the bet that the mean is above m: evidence against "at most m"."""

ROW_STAKES = 0.8 * 0.5 ** np.arange(7)
"""From an effect that a few dozen rows show to one that takes ten thousands."""

_GRID, _GRIDS = 33, 4
_TINY = 1e-12


class Evidence(Protocol):
    """What is known of one harm."""

    def fold(self, sums: PairedSums) -> Self: ...

    def log_e(self, claim: Claim) -> float:
        """Logarithm of the wealth of those who bet on the claim."""
        ...

    @property
    def estimate(self) -> float | None: ...

    @property
    def ends(self) -> tuple[float, float]:
        """An interval that holds at any time."""
        ...

    def to_json(self) -> Json: ...


@dataclass(frozen=True)
class RowEvidence:
    """The harm of rows that stand alone."""

    metric: Metric
    error: float
    seen: Rows = field(default_factory=Rows)

    def fold(self, sums: PairedSums) -> Self:
        return type(self)(self.metric, self.error, self.seen + HARMS[self.metric].by_rows(sums))

    def log_e(self, claim: Claim) -> float:
        side, at = claim
        return float(self._log_e(side, np.array([at]))[0])

    @property
    def estimate(self) -> float | None:
        return self.seen.total / self.seen.rows if self.seen.rows else None

    @property
    def ends(self) -> tuple[float, float]:
        low, high = HARMS[self.metric].row
        if self.estimate is None:
            return low, high
        return self._end("above", low, self.estimate), self._end("below", high, self.estimate)

    def _log_e(self, side: Side, at: Array) -> Array:
        """Logarithm of the wealth by limit, shape (limits,); none where the limit cannot be passed."""
        low, high = HARMS[self.metric].row
        reach, sign = (at - low, 1) if side == "above" else (high - at, -1)
        possible, reach = reach > 0, np.maximum(reach, _TINY)
        total = sign * (self.seen.total - self.seen.rows * at) / reach
        squares = (self.seen.squares - 2 * at * self.seen.total + self.seen.rows * at**2) / reach**2
        bets = log_wealth(total[:, None], squares[:, None], ROW_STAKES)
        return np.where(possible, log_mean(bets), -np.inf)

    def _end(self, side: Side, outer: float, inner: float) -> float:
        """Find the limit next to the estimate that is not refuted, on finer and finer grids."""
        threshold = -np.log(self.error / 2)
        for _ in range(_GRIDS):
            grid = np.linspace(inner, outer, _GRID)
            kept = int(np.argmax([*(self._log_e(side, grid) >= threshold), True]))
            inner, outer = float(grid[max(kept - 1, 0)]), float(grid[min(kept, _GRID - 1)])
        return outer

    def to_json(self) -> Json:
        return {"rows": self.seen.rows, "total": self.seen.total, "squares": self.seen.squares}

    @classmethod
    def from_json(cls, metric: Metric, error: float, state: Json) -> Self:
        return cls(metric, error, Rows(**state))  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class BlockEvidence:
    """The harm of blocks, against claims that are fixed beforehand. `log` has shape (claims, stakes)."""

    metric: Metric
    claims: tuple[Claim, ...]
    interval: Interval
    log: Array
    total: float = 0.0
    """Sum of the blocks' values, as they are."""
    gathered: PairedSums = field(default_factory=PairedSums)
    """Windows that are no block yet."""

    @classmethod
    def start(cls, metric: Metric, claims: tuple[Claim, ...], error: float) -> Self:
        interval = Interval(*HARMS[metric].range_for(limit for _, limit in claims), error)
        return cls(metric, claims, interval, np.zeros((len(claims), STAKES.size)))

    def fold(self, sums: PairedSums) -> Self:
        block = self.gathered + sums
        value = HARMS[self.metric].by_block(block)
        if value is None:
            return replace(self, gathered=block)
        gains = np.array([self._gain(claim, value) for claim in self.claims])
        log = self.log + np.log1p(gains[:, None] * STAKES)
        return type(self)(self.metric, self.claims, self.interval.fold(value), log, self.total + value)

    def log_e(self, claim: Claim) -> float:
        return float(log_mean(self.log[self.claims.index(claim)]))

    @property
    def estimate(self) -> float | None:
        return self.total / self.interval.blocks if self.interval.blocks else None

    @property
    def ends(self) -> tuple[float, float]:
        return self.interval.ends

    def to_json(self) -> Json:
        return {
            "log": self.log.tolist(),
            "total": self.total,
            "interval": self.interval.to_json(),
            "gathered": self.gathered.to_json(),
        }

    @classmethod
    def from_json(cls, metric: Metric, claims: tuple[Claim, ...], state: Json) -> Self:
        """Read what `to_json` wrote; an earlier release gathered nothing, and kept the mean of the cut values only.

        Where it cut them before a limit, nothing that it kept can tell: that is begun anew.
        """
        interval, log = Interval.from_json(state["interval"]), np.array(state["log"])  # type: ignore[arg-type]
        fresh = cls.start(metric, claims, interval.error)
        if (interval.low, interval.high) != (fresh.interval.low, fresh.interval.high):
            return fresh
        total = float(state.get("total", interval.blocks * (interval.estimate or 0.0)))  # type: ignore[arg-type]
        return cls(metric, claims, interval, log, total, PairedSums.from_json(state.get("gathered", {})))  # type: ignore[arg-type]

    def _gain(self, claim: Claim, value: float) -> float:
        """What one block brings for each unit staked, -1 at least; a claim that cannot fail brings nothing."""
        (side, at), (low, high) = claim, (self.interval.low, self.interval.high)
        cut = min(max(value, low), high)
        reach, gain = (at - low, cut - at) if side == "above" else (high - at, at - cut)
        return gain / reach if reach > 0 else -1.0
