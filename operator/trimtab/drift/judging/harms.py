"""What a candidate may do worse than the champion, read from windows of paired sums.

`loss` is the candidate's less the champion's, in nats; `errors` the increase of the error rate; `disagreement` the
share of rows whose labels differ.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from trimtab.drift.sums import MOST_GAP, UNIT, PairedSums

Metric = Literal["loss", "errors", "disagreement"]

LEAST_LABELLED = 50
"""Labelled rows of a block, so that the mean of their loss gaps seldom lies where it is cut."""


@dataclass(frozen=True)
class Rows:
    """Sums over rows of one value each."""

    rows: int = 0
    total: float = 0.0
    squares: float = 0.0
    """At least the sum of the squares."""

    def __add__(self, other: "Rows") -> "Rows":
        return Rows(self.rows + other.rows, self.total + other.total, self.squares + other.squares)


@dataclass(frozen=True)
class Harm:
    """How a metric is read: by rows, each within `row`; or by the mean of a block, cut at `block`."""

    row: tuple[float, float]
    block: tuple[float, float]
    by_rows: Callable[[PairedSums], Rows]
    by_block: Callable[[PairedSums], float | None]
    """None where the block does not tell, or too few of its rows do."""
    cut: bool = False
    """Whether a block's mean may lie beyond `block`."""

    def range_for(self, limits: Iterable[float]) -> tuple[float, float]:
        """Where a block's mean is cut: twice as far out as any limit, as what is cut before a limit never passes it."""
        low, high = self.block
        furthest = 2 * max(map(abs, limits)) if self.cut else 0.0
        return min(low, -furthest), max(high, furthest)


def _loss_rows(sums: PairedSums) -> Rows:
    return Rows(sums.labelled, sums.gap / UNIT, sums.gap_squares / UNIT)


def _loss(sums: PairedSums) -> float | None:
    if sums.labelled < LEAST_LABELLED:
        return None
    return (sums.candidate_loss - sums.champion_loss) / UNIT / sums.labelled


def _error_rows(sums: PairedSums) -> Rows:
    # Where both failed the difference is 0 and not 2, so this is more than the squares.
    both = sums.candidate_errors + sums.champion_errors
    return Rows(sums.rows, sums.candidate_errors - sums.champion_errors, both)


def _errors(sums: PairedSums) -> float | None:
    return (sums.candidate_errors - sums.champion_errors) / sums.rows if sums.rows else None


def _disagreement_rows(sums: PairedSums) -> Rows:
    return Rows(sums.rows, sums.disagreements, sums.disagreements)


def _disagreement(sums: PairedSums) -> float | None:
    return sums.disagreements / sums.rows if sums.rows else None


HARMS: dict[Metric, Harm] = {
    "loss": Harm((-MOST_GAP, MOST_GAP), (-0.1, 0.1), _loss_rows, _loss, cut=True),
    "errors": Harm((-1.0, 1.0), (-1.0, 1.0), _error_rows, _errors),
    "disagreement": Harm((0.0, 1.0), (0.0, 1.0), _disagreement_rows, _disagreement),
}
