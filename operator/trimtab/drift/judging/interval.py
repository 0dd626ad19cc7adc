"""An interval for the mean of bounded block values that holds at every block at once.

Method. The predictable plug-in empirical-Bernstein confidence sequence: a weighted mean with weights chosen from the
past alone, and a width from the squared surprises. P(the mean is ever outside) ≤ error. Assumes that the blocks'
conditional means are one number; honest and wide with few blocks. Source: Waudby-Smith & Ramdas 2024, theorem 2.
Cost: O(1) a block.
"""

from dataclasses import asdict, dataclass
from math import log, sqrt
from typing import Self

_MOST_WEIGHT = 0.5


@dataclass(frozen=True)
class Interval:
    """The state after some values in [low, high]; inside, values are rescaled to [0, 1]."""

    low: float
    high: float
    error: float
    blocks: int = 0
    total: float = 0.0
    squares: float = 0.0
    """Sum of squared distances from the mean so far, each taken as it came."""
    weight: float = 0.0
    weighted: float = 0.0
    penalty: float = 0.0

    def fold(self, value: float) -> Self:
        """Add the next value, cut to [low, high]."""
        x = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        blocks = self.blocks + 1
        guess = (0.5 + self.total) / blocks
        variance = (0.25 + self.squares) / blocks
        weight = min(sqrt(2 * log(2 / self.error) / (variance * blocks * log(1 + blocks))), _MOST_WEIGHT)
        mean = (0.5 + self.total + x) / (blocks + 1)
        return type(self)(
            self.low,
            self.high,
            self.error,
            blocks,
            self.total + x,
            self.squares + (x - mean) ** 2,
            self.weight + weight,
            self.weighted + weight * x,
            self.penalty + (x - guess) ** 2 * (-log(1 - weight) - weight),
        )

    @property
    def estimate(self) -> float | None:
        """Mean of the values so far, each block alike."""
        return self._scaled(self.total / self.blocks) if self.blocks else None

    @property
    def ends(self) -> tuple[float, float]:
        """Lower and upper end, never beyond what is possible."""
        if not self.blocks:
            return self.low, self.high
        centre, half = self.weighted / self.weight, (log(2 / self.error) + self.penalty) / self.weight
        return self._scaled(max(centre - half, 0.0)), self._scaled(min(centre + half, 1.0))

    def to_json(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def from_json(cls, state: dict[str, float]) -> Self:
        return cls(**state)  # type: ignore[arg-type]  # `blocks` is an integer in JSON as well

    def _scaled(self, x: float) -> float:
        return self.low + x * (self.high - self.low)
