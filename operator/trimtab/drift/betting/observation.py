"""What one closed window says of each quantity: a sum over rows, and over how many."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trimtab.drift.betting.bet import Array


@dataclass(frozen=True)
class Observation:
    """K sums over rows, shape (K,) each; a quantity that no row of the window has a value of has no rows."""

    total: Array
    rows: Array
    squares_of: Array | None = None
    """Sums of squares; None of counts, which are their own."""

    @property
    def squares(self) -> Array:
        return self.total if self.squares_of is None else self.squares_of

    @cached_property
    def mean(self) -> Array:
        """Mean of each quantity, NaN without rows."""
        with np.errstate(invalid="ignore", divide="ignore"):
            result: Array = np.where(self.rows > 0, self.total / self.rows, np.nan)
        return result
