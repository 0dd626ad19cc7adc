"""Windows of fewer rows than training's blocks had: their means vary more, by chance alone.

A day of 50 labels lies further from the mean than one of 10,000, though nothing has changed. So a window of less than
half a block's rows is held to what its own mean would be like: of the variance spread² + v·(1/rows - 1/block's rows),
v being that of a row. Of anything with mean m and spread s, the mean of max(x, m - s) is at most m + (√2 - 1)/2·s;
nothing is taken for normal. From half a block's rows on, what chance adds is below what the reference's own error
leaves open. Source: Scarf, "A min-max solution of an inventory problem", 1958. Cost: a few numpy calls a window.
"""

from dataclasses import dataclass

import numpy as np

from trimtab.drift.betting.bet import Array

_SHARE = 0.5
_SCARF = (2**0.5 - 1) / 2


@dataclass(frozen=True)
class Thinness:
    """How training's blocks vary; of each quantity, shape (K,)."""

    rows: Array
    """Of a block; 0 where an earlier release did not write it: then no window is thin."""
    variance: Array
    """Of a row."""
    spread: Array
    excess: tuple[Array, Array]
    """What the mean of max(x, mean - spread) is above the mean, and that of min(x, mean + spread) below it."""

    def of(self, rows: Array) -> tuple[Array, Array, Array]:
        """How much further from the mean floor and ceiling are in a window of `rows`, and how much wider the claims."""
        thin = rows < _SHARE * self.rows
        chance = self.variance * (1 / np.maximum(rows, 1) - 1 / np.maximum(self.rows, 1))
        spread = np.sqrt(self.spread**2 + np.where(thin, chance, 0.0))
        above, below = (np.where(thin, np.maximum(_SCARF * spread - excess, 0.0), 0.0) for excess in self.excess)
        return np.where(thin, spread - self.spread, 0.0), above, below
