"""What host, candidate and monitor tell one another.

A batch is named by replica and sequence, so that one sent twice counts once.
"""

from dataclasses import dataclass
from typing import Literal

from trimtab.drift import PairedSums, WindowCounts
from trimtab.drift.reference.sample import Sample
from trimtab.serving.version.model import Probabilities


@dataclass(frozen=True)
class Counted:
    """Inputs of a window, counted by the version's own profile."""

    stream: str
    window: str
    counts: WindowCounts
    sample: Sample | None = None
    """Some of the rows, where a detector is to test rows."""
    requests: int = 1


@dataclass(frozen=True)
class Answered:
    """The champion's answer to a request, kept until its labels arrive."""

    request: str
    stream: str
    window: str
    probabilities: bytes
    """float32, one a row."""
    mirrored: bool = False
    """Whether the candidate was asked too; what came of it is told later."""


@dataclass(frozen=True)
class Compared:
    """The candidate's answer to a request, beside the champion's."""

    request: str
    stream: str
    pair: str
    window: str
    sums: PairedSums
    probabilities: bytes | None
    """The candidate's, float32, one a row; None where it failed."""


@dataclass(frozen=True)
class Dropped:
    """Rows of a request the candidate did not answer in time."""

    pair: str
    rows: int
    stream: str = ""
    request: str | None = None
    """None where it was not even asked."""


@dataclass(frozen=True)
class Omitted:
    """What a replica could not tell."""

    stream: str
    reason: Literal["requests_without_window", "untold_rows"]
    count: int


Note = Counted | Answered | Compared | Dropped | Omitted


@dataclass(frozen=True)
class Batch:
    """Notes of one replica, in order."""

    replica: str
    sequence: int
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Shadowed:
    """What the candidate said of some requests."""

    name: str | None
    """The version that answered; None when there is none."""
    answers: list[Probabilities | None]
    """One for each request; None where it failed."""
