"""The evidence on one side (inputs or outcomes) of a version, and what it says.

A *side* is what is claimed, made anew from the profile at any time; a *track* is the evidence against it, kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, Self

import numpy as np

from trimtab.drift.betting.bet import Array, Json
from trimtab.drift.betting.observation import Observation
from trimtab.drift.betting.wealth import Terms, Wealth

Kind = Literal["DataDrift", "ConceptDrift", "Stable", "Unknown"]

MOST_FINDINGS = 10


@dataclass(frozen=True)
class Finding:
    """One thing that moved."""

    subject: str
    """The feature, or loss, or calibration."""
    quantity: str
    reference: float
    live: float
    """Mean since the change."""
    effect: float
    """How far live is beyond the tolerance, in the quantity's unit; 0 within it."""
    evidence: float
    """Logarithm of what the best entry would have won by this alone; cut at ten times the threshold."""
    since: str
    """Window in which the change probably began."""
    distance: float | None = None
    """How far the feature has moved (`effects.py`); None for what is no feature."""


@dataclass(frozen=True)
class Verdict:
    """What the windows so far say. An alarm is `log_e` ≥ `log_threshold`."""

    kind: Kind = "Unknown"
    log_e: float = -np.inf
    log_threshold: float = np.inf
    windows: int = 0
    consecutive: int = 0
    """Windows in a row, up to the last, that held the alarm."""
    findings: tuple[Finding, ...] = ()
    """What moved, the strongest first."""

    @property
    def drifted(self) -> bool:
        return self.kind in ("DataDrift", "ConceptDrift")


@dataclass(frozen=True)
class Side:
    """What is claimed on one side (inputs or outcomes), and how it is read."""

    drift: Kind
    terms: Terms
    mean: Array
    """The reference of each quantity, shape (K,), and what is not worth acting on."""
    tolerance: Array
    subjects: tuple[str, ...]
    """Subject of each quantity, shape (K,); quantities of a subject stand together."""
    quantities: tuple[str, ...]
    log_threshold: float
    min_windows: int
    distances: Callable[[Array], dict[str, float]] = field(default=lambda _: {})
    """How far each subject has moved, from live means of shape (K,)."""


@dataclass(frozen=True)
class Track:
    """The evidence on one side so far."""

    wealth: Wealth
    consecutive: int = 0
    names: tuple[tuple[int, str], ...] = ()
    """Names of the windows that changes probably began in, by number."""

    @classmethod
    def start(cls, side: Side) -> Self:
        """Before the first window."""
        return cls(Wealth.none(side.terms.claim))

    def fold(self, side: Side, window: str, seen: Observation) -> Self:
        """Add one closed window."""
        wealth = self.wealth.fold(side.terms, seen)
        held = wealth.log_evidence >= side.log_threshold
        began = set(wealth.since.ravel().tolist())
        names = tuple((at, name) for at, name in (*self.names, (wealth.windows, window)) if at in began)
        return replace(self, wealth=wealth, consecutive=self.consecutive + 1 if held else 0, names=names)

    def verdict(self, side: Side) -> Verdict:
        """Say what the evidence means."""
        kind: Kind = side.drift if self.consecutive else "Stable"
        if self.wealth.windows < side.min_windows:
            kind = "Unknown"
        findings = _findings(self, side) if kind == side.drift else ()
        return Verdict(
            kind, self.wealth.log_evidence, side.log_threshold, self.wealth.windows, self.consecutive, findings
        )

    def to_json(self) -> Json:
        return {
            "wealth": self.wealth.to_json(),
            "consecutive": self.consecutive,
            "names": [list(name) for name in self.names],
        }

    @classmethod
    def from_json(cls, state: Json) -> Self:
        names = tuple((int(at), str(name)) for at, name in state["names"])  # type: ignore[attr-defined]
        return cls(Wealth.from_json(state["wealth"]), int(state["consecutive"]), names)  # type: ignore[arg-type, call-overload]


def _findings(track: Track, side: Side) -> tuple[Finding, ...]:
    """What moved most of each subject; the strongest always, the others when they would do as an alarm alone."""
    names, distances = dict(track.names), side.distances(_live(track, side))
    watched = np.argwhere(side.terms.prior > 0).tolist()
    found = sorted((_finding(track, side, at, direction, names) for at, direction in watched), key=_strength)
    strongest = sorted({finding.subject: finding for finding in found}.values(), key=_strength, reverse=True)
    alarming = [finding for finding in strongest[1:MOST_FINDINGS] if finding.evidence >= side.log_threshold]
    return tuple(replace(found, distance=distances.get(found.subject)) for found in (*strongest[:1], *alarming))


def _live(track: Track, side: Side) -> Array:
    """Mean of each quantity since its own change, by the direction that speaks for one more; else the reference's."""
    climb = track.wealth.climb
    moved = np.where(climb[:, 0] >= climb[:, 1], track.wealth.live[:, 0], track.wealth.live[:, 1])
    return np.where(climb.max(axis=1) > 0, moved, side.mean)


def _strength(finding: Finding) -> tuple[float, float]:
    return finding.evidence, finding.effect


def _finding(track: Track, side: Side, at: int, direction: int, names: dict[int, str]) -> Finding:
    live, reference = float(track.wealth.live[at, direction]), float(side.mean[at])
    beyond = (live - reference if direction == 0 else reference - live) - float(side.tolerance[at])
    return Finding(
        subject=side.subjects[at],
        quantity=side.quantities[at],
        reference=reference,
        live=live,
        effect=max(beyond, 0.0),
        evidence=float(track.wealth.climb[at, direction]),
        since=names.get(int(track.wealth.since[at, direction]), ""),
    )
