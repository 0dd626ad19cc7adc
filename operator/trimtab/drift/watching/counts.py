"""What a window's rows are like, as integers: each replica counts its own rows, and counts add up exactly in any order.

Cost: some numpy calls and one pass over the texts; a call has a price of its own, so counting a few hundred rows at
once costs several times less a row than counting each small batch.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from trimtab.drift.betting.bet import Json
from trimtab.drift.reference.features import Columns, Integers
from trimtab.drift.reference.profile import PREDICTION, Profile


def _none() -> Integers:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class WindowCounts:
    """Rows of a window by watched share, in the profile's order; and by the bins of their scores, where it has some."""

    rows: int
    counts: Integers
    scores: Integers = field(default_factory=_none)

    @classmethod
    def none(cls, profile: Profile) -> Self:
        """A window without rows."""
        return cls(0, np.zeros(profile.layout.size, dtype=np.int64))

    def merge(self, other: Self) -> Self:
        """Put two parts of a window together.

        Raises:
            ValueError: the parts were counted by different profiles.

        """
        if self.counts.shape != other.counts.shape:
            raise ValueError(
                f"counts of {self.counts.size} and {other.counts.size} shares come from different profiles"
            )
        # A replica of an earlier release counts no scores.
        known = [part for part in (self.scores, other.scores) if part.size]
        scores = known[0] + known[1] if len(known) > 1 else (known or [_none()])[0]
        return type(self)(self.rows + other.rows, self.counts + other.counts, scores)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WindowCounts):
            return NotImplemented
        return self.rows == other.rows and all(
            map(np.array_equal, (self.counts, self.scores), (other.counts, other.scores))
        )

    __hash__ = None  # type: ignore[assignment]  # holds an array

    def to_json(self) -> Json:
        return {"rows": self.rows, "counts": self.counts.tolist(), "scores": self.scores.tolist()}

    @classmethod
    def from_json(cls, state: Json) -> Self:
        counts, scores = (np.array(state.get(key, []), dtype=np.int64) for key in ("counts", "scores"))
        return cls(int(state["rows"]), counts, scores)  # type: ignore[call-overload]


def count(profile: Profile, columns: Columns) -> WindowCounts:
    """Count rows. `columns` holds the profile's features, each of shape (rows,), as in `Profile.build`.

    What the version answered goes under `PREDICTION`. A feature that is not there is missing in every row.
    """
    rows = len(next(iter(columns.values())))
    return WindowCounts(rows, profile.layout.tally(columns), _scored(profile, columns))


def _scored(profile: Profile, columns: Columns) -> Integers:
    calibration, scores = profile.calibration, columns.get(PREDICTION)
    return _none() if calibration is None or scores is None else calibration.tally(scores)
