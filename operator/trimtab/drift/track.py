"""The evidence on one side (inputs or outcomes) of a version, and what it says.

A *side* is what is claimed, made anew from the profile at any time; a *track* is the evidence against it, kept.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

import numpy as np

from trimtab.drift import bet
from trimtab.drift.bet import Array, Json, Null, Wealth
from trimtab.drift.reference import Reference

Kind = Literal["DataDrift", "ConceptDrift", "Stable", "Unknown"]

MOST_FINDINGS = 10
_LOG_EXCESS = float(np.log(10))


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
    """How far live is beyond tolerance and the reference's own error, in the quantity's unit; 0 within them."""
    evidence: float
    """Logarithm of what the best entry would have won by this alone; cut at ten times the threshold."""
    since: str
    """Window in which the change probably began."""


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
    reference: Reference
    null: Null
    subjects: tuple[str, ...]
    """Subject of each quantity, shape (K,); quantities of a subject stand together."""
    quantities: tuple[str, ...]
    log_threshold: float
    min_windows: int

    @cached_property
    def log_cap(self) -> float:
        """All wealth together is worth ten times the threshold at most."""
        return self.log_threshold + _LOG_EXCESS


@dataclass(frozen=True)
class Track:
    """The evidence on one side so far."""

    wealth: Wealth
    consecutive: int = 0
    names: tuple[tuple[int, str], ...] = ()
    """Names of the windows that changes probably began in, by number."""

    def fold(self, side: Side, window: str, block: Array) -> Self:
        """Add one closed window."""
        wealth = bet.detect(self.wealth, side.null, block, side.log_cap)
        held = bet.log_sum(bet.log_e_values(wealth, side.null)) >= side.log_threshold
        began = set(wealth.since.ravel().tolist())
        names = tuple((at, name) for at, name in (*self.names, (wealth.blocks, window)) if at in began)
        return replace(self, wealth=wealth, consecutive=self.consecutive + 1 if held else 0, names=names)

    def verdict(self, side: Side | None) -> Verdict:
        """Say what the evidence means; Unknown on a side that is not watched."""
        if side is None:
            return Verdict()
        kind: Kind = side.drift if self.consecutive else "Stable"
        if self.wealth.blocks < side.min_windows:
            kind = "Unknown"
        log_e = bet.log_sum(bet.log_e_values(self.wealth, side.null))
        findings = _findings(self, side) if kind == side.drift else ()
        return Verdict(kind, log_e, side.log_threshold, self.wealth.blocks, self.consecutive, findings)

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
    names = dict(track.names)
    watched = np.argwhere(side.null.prior > 0).tolist()
    found = sorted((_finding(track, side, at, direction, names) for at, direction in watched), key=_strength)
    strongest = sorted({finding.subject: finding for finding in found}.values(), key=_strength, reverse=True)
    alarming = [finding for finding in strongest[1:MOST_FINDINGS] if finding.evidence >= side.log_threshold]
    return (*strongest[:1], *alarming)


def _strength(finding: Finding) -> tuple[float, float]:
    return finding.evidence, finding.effect


def _finding(track: Track, side: Side, at: int, direction: int, names: dict[int, str]) -> Finding:
    live = float(track.wealth.mean_live()[at, direction])
    beyond = live - side.null.high[at] if direction == 0 else side.null.low[at] - live
    return Finding(
        subject=side.subjects[at],
        quantity=side.quantities[at],
        reference=float(side.reference.mean[at]),
        live=live,
        effect=max(float(beyond), 0.0),
        evidence=float(track.wealth.climb[at, direction]),
        since=names.get(int(track.wealth.since[at, direction]), ""),
    )
