"""Whether the candidate takes the champion's place, from both versions' answers to the same rows.

Every gate looks at one harm (`harms.py`) and the most of it that is accepted, its limit; gamblers (`pairs.py`; no
change of time: a candidate is better or worse from the start) bet that the harm is above the limit, and that it is
below. A gate fails when the first win. `loss` passes when the second win, and the estimate is within the limit: with a
limit above 0, not worse than the margin is enough, as a candidate that has seen more data need not prove that it is
better. The two others are guards against harm: they pass while the estimate is within the limit and enough rows were
seen.

A gate that asks for a *gain* (loss with limit 0) has a third bet, on "the loss falls by less than the gain": when it
wins the candidate is as good as the champion for all that matters, and the comparison ends by itself, as `Futile`.
Then two of the three can be wrong of one candidate (of one just as good, promoted and failed), so each has a half of
the error rate, and what fails by other gates shares one of the halves.

At the deadline the better of the two by what is known takes the place: a test of superiority over a few days refuses
most good candidates. The chance that a candidate is refused wrongly, or let pass wrongly by `loss`, is at most
`error_rate` over the whole comparison; that a guard lets pass what is just beyond its limit is not bounded.
"""

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np

from trimtab.drift.betting.bet import Json
from trimtab.drift.judging.harms import Metric
from trimtab.drift.judging.pairs import BlockEvidence, Claim, Evidence, RowEvidence
from trimtab.drift.sums import PairedSums

FORMAT = 3
"""Of what `Judge.to_json` writes; evidence is filed under it, so what another release wrote is begun anew."""

_COUNTERS = ("rows", "labelled", "windows")

Outcome = Literal["Promote", "Reject", "KeepLooking"]
Sight = Literal["Pass", "Fail", "Futile", "Inconclusive"]


@dataclass(frozen=True)
class Gate:
    """A metric's harm and the most of it that is accepted."""

    metric: Metric
    limit: float = 0.0
    gain: float | None = None
    """Loss: fall of the harm below the limit that is worth a change; None asks for no gain."""

    @property
    def worse(self) -> Claim:
        return "above", self.limit

    @property
    def good(self) -> Claim:
        return "below", self.limit

    @property
    def futile(self) -> Claim | None:
        return None if self.gain is None else ("above", self.limit - self.gain)

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (self.worse, self.good, self.futile) if self.futile else (self.worse, self.good)


@dataclass(frozen=True)
class Reading:
    """What a gate sees: the harm's estimate, and an interval that holds at any time."""

    metric: Metric
    verdict: Sight
    estimate: float | None
    low: float
    high: float


@dataclass(frozen=True)
class Ruling:
    """What the evidence says now."""

    outcome: Outcome
    readings: tuple[Reading, ...]
    rows: int
    labelled: int
    windows: int
    """That were folded: those with labels where a gate needs labels, else those with answers."""
    better: bool | None
    """Whether the candidate is the better of the two by what is known: for the deadline. None without evidence."""

    @property
    def futile(self) -> bool:
        """Whether the candidate is refused for being just as good, and not for being worse."""
        verdicts = {reading.verdict for reading in self.readings}
        return "Futile" in verdicts and "Fail" not in verdicts


@dataclass(frozen=True)
class Judge:
    """The comparison of one candidate with one champion. Folding returns a new judge; nothing is changed in place."""

    gates: tuple[Gate, ...]
    evidence: tuple[Evidence, ...]
    error_rate: float
    min_rows: int
    rows: int = 0
    labelled: int = 0
    windows: int = 0

    @classmethod
    def start(cls, gates: tuple[Gate, ...], error_rate: float, min_rows: int, *, alone: bool = False) -> Self:
        """Begin a comparison.

        Args:
            gates: all of them must pass.
            error_rate: chance of a wrong early verdict.
            min_rows: compared rows before anything passes.
            alone: whether rows stand alone; if not, each window is one observation.

        """
        kinds = (_rows if alone else _blocks)(gates, error_rate)
        return cls(gates, kinds, error_rate, min_rows)

    def fold(self, sums: PairedSums) -> tuple[Self, Ruling]:
        """Add a closed window; a window's answers and its labels may come in two calls."""
        judge = replace(
            self,
            evidence=tuple(known.fold(sums) for known in self.evidence),
            rows=self.rows + sums.rows,
            labelled=self.labelled + sums.labelled,
            windows=self.windows + bool(sums.labelled if self._needs_labels else sums.rows),
        )
        return judge, judge.ruling

    @property
    def _needs_labels(self) -> bool:
        return any(gate.metric == "loss" for gate in self.gates)

    @property
    def ruling(self) -> Ruling:
        """Reject when a gate fails or is futile, promote when all pass, else keep looking."""
        readings = tuple(self._read(gate, known) for gate, known in zip(self.gates, self.evidence, strict=True))
        verdicts = {reading.verdict for reading in readings}
        refused = verdicts & {"Fail", "Futile"}
        outcome: Outcome = "Reject" if refused else "Promote" if verdicts == {"Pass"} else "KeepLooking"
        return Ruling(outcome, readings, self.rows, self.labelled, self.windows, self._better(readings))

    def _read(self, gate: Gate, known: Evidence) -> Reading:
        return Reading(gate.metric, self._verdict(gate, known), known.estimate, *known.ends)

    def _verdict(self, gate: Gate, known: Evidence) -> Sight:
        error = self.error_rate / (2 if any(other.futile for other in self.gates) else 1)
        if known.log_e(gate.worse) >= -np.log(error / len(self.gates)):
            return "Fail"
        within = known.estimate is not None and known.estimate <= gate.limit
        shown = gate.metric != "loss" or known.log_e(gate.good) >= -np.log(error)
        if within and shown and self.rows >= self.min_rows:
            return "Pass"
        futile = gate.futile is not None and known.log_e(gate.futile) >= -np.log(error)
        return "Futile" if futile and self.rows >= self.min_rows else "Inconclusive"

    def _better(self, readings: tuple[Reading, ...]) -> bool | None:
        if self.rows < self.min_rows or any(reading.estimate is None for reading in readings):
            return None
        return all(
            reading.verdict not in ("Fail", "Futile") and (reading.estimate or 0.0) <= gate.limit
            for reading, gate in zip(readings, self.gates, strict=True)
        )

    def to_json(self) -> Json:
        """Return the evidence as plain JSON values; gates and rates are not in it."""
        alone = all(isinstance(known, RowEvidence) for known in self.evidence)
        evidence = [known.to_json() for known in self.evidence]
        return {"alone": alone, "evidence": evidence} | {name: getattr(self, name) for name in _COUNTERS}

    @classmethod
    def from_json(cls, gates: tuple[Gate, ...], error_rate: float, min_rows: int, state: Json) -> Self:
        """Go on from what `to_json` wrote, with the same gates and rates."""
        evidence: tuple[Evidence, ...] = tuple(
            RowEvidence.from_json(gate.metric, error_rate, kept)
            if state["alone"]
            else BlockEvidence.from_json(gate.metric, gate.claims, kept)
            for gate, kept in zip(gates, state["evidence"], strict=True)  # type: ignore[call-overload]
        )
        return cls(gates, evidence, error_rate, min_rows, *(int(state[name]) for name in _COUNTERS))  # type: ignore[call-overload]


def _rows(gates: tuple[Gate, ...], error: float) -> tuple[Evidence, ...]:
    return tuple(RowEvidence(gate.metric, error) for gate in gates)


def _blocks(gates: tuple[Gate, ...], error: float) -> tuple[Evidence, ...]:
    return tuple(BlockEvidence.start(gate.metric, gate.claims, error) for gate in gates)
