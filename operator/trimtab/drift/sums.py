"""What the labels of a window say, as integers: sums merge exactly, in any order, over any number of replicas.

Losses and probabilities are kept in millionths. Log loss is cut at 13.8 nats (a probability of one in a million), so
one absurd answer cannot outweigh a day.
"""

from dataclasses import asdict, dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.bet import Array

UNIT = 1_000_000
MOST_GAP = 2.0
"""Nats by which two losses of one row differ at most; past it a row says no more."""
_LEAST_PROBABILITY = 1e-6
MOST_LOSS = float(-np.log(_LEAST_PROBABILITY))


@dataclass(frozen=True)
class Sums:
    """Integer sums that add."""

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    def to_json(self) -> dict[str, int]:
        return asdict(self)

    @classmethod
    def from_json(cls, state: dict[str, int]) -> Self:
        return cls(**state)


@dataclass(frozen=True)
class LabelSums(Sums):
    """The champion's labelled rows in a window."""

    rows: int = 0
    loss: int = 0
    labels: int = 0
    probabilities: int = 0
    loss_squares: int = 0
    """Squares of the losses, in millionths of nats²."""
    gap_squares: int = 0
    """Squares of label less probability, in millionths."""

    @classmethod
    def of(cls, labels: npt.ArrayLike, probabilities: npt.ArrayLike) -> Self:
        """Sum rows with `labels` 0/1 and the champion's `probabilities` of 1, both of shape (rows,)."""
        truth, chances = (np.asarray(values, dtype=np.float64) for values in (labels, probabilities))
        losses = log_loss(truth, chances)
        return cls(
            rows=truth.size,
            loss=_fixed(losses),
            labels=int(truth.sum()),
            probabilities=_fixed(chances),
            loss_squares=_fixed(losses**2),
            gap_squares=_fixed((truth - chances) ** 2),
        )


@dataclass(frozen=True)
class PairedSums(Sums):
    """Champion and candidate on the same rows of a window; answers are known at once, labels may come later."""

    rows: int = 0
    disagreements: int = 0
    champion_errors: int = 0
    candidate_errors: int = 0
    labelled: int = 0
    champion_loss: int = 0
    candidate_loss: int = 0
    gap: int = 0
    """Candidate's loss less the champion's, row by row, each cut at ±`MOST_GAP`."""
    gap_squares: int = 0
    """Squares of the same, in millionths of nats²."""

    @classmethod
    def of_answers(cls, champion: npt.ArrayLike, candidate: npt.ArrayLike) -> Self:
        """Compare the predicted labels of rows that both answered, shape (rows,)."""
        differ = np.asarray(champion) != np.asarray(candidate)
        return cls(rows=differ.size, disagreements=int(differ.sum()))

    @classmethod
    def of_labels(cls, labels: npt.ArrayLike, champion: npt.ArrayLike, candidate: npt.ArrayLike) -> Self:
        """Compare the two probabilities of 1 on labelled rows, shape (rows,)."""
        before, now = (log_loss(labels, probabilities) for probabilities in (champion, candidate))
        gaps = np.clip(now - before, -MOST_GAP, MOST_GAP)
        return cls(
            labelled=np.size(labels),
            champion_loss=_fixed(before),
            candidate_loss=_fixed(now),
            gap=_fixed(gaps),
            gap_squares=_fixed(gaps**2),
        )


def log_loss(labels: npt.ArrayLike, probabilities: npt.ArrayLike) -> Array:
    """Log loss of each row, in nats."""
    truth = np.asarray(labels, dtype=np.float64)
    promised = np.clip(np.asarray(probabilities, dtype=np.float64), _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    result: Array = -np.log(np.where(truth > 0, promised, 1 - promised))
    return result


def _fixed(values: npt.NDArray[np.floating]) -> int:
    if not np.isfinite(values).all():
        raise ValueError("a probability is not a number")
    return int(np.rint(values.astype(np.float64) * UNIT).astype(np.int64).sum())
