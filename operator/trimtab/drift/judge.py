"""Whether the candidate takes the champion's place, from both versions' answers to the same rows.

Every gate looks at one harm, as a block mean: `loss` (candidate's less champion's, in nats, a block cut at ±0.1: past
it a block says no more), `errors` (increase of the error rate), `disagreement` (share of differing labels). Gamblers
(`bet.py`, no change of time: a candidate is better or worse from the start) bet that the harm is above the limit, and
that it is below. A gate fails when the first win. `loss` passes when the second win: not worse than the margin is
enough, as a candidate that has seen more data need not prove that it is better. The two others are guards against harm:
they pass while the estimate is within the limit and enough rows were seen.

At the deadline the better of the two by what is known takes the place: a test of superiority over a few days refuses
most good candidates. The chance that an early verdict is wrong is at most `error_rate`, over the whole comparison.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np

from trimtab.drift import bet
from trimtab.drift.bet import Json, Null, Wealth
from trimtab.drift.interval import Interval
from trimtab.drift.sums import UNIT, PairedSums

Metric = Literal["loss", "errors", "disagreement"]
Outcome = Literal["Promote", "Reject", "KeepLooking"]


@dataclass(frozen=True)
class Harm:
    """How a metric is read from a window: its range, and its value or None where the window does not tell."""

    low: float
    high: float
    value: Callable[[PairedSums], float | None]


def _loss(sums: PairedSums) -> float | None:
    return (sums.candidate_loss - sums.champion_loss) / UNIT / sums.labelled if sums.labelled else None


def _errors(sums: PairedSums) -> float | None:
    return (sums.candidate_errors - sums.champion_errors) / sums.rows if sums.rows else None


def _disagreement(sums: PairedSums) -> float | None:
    return sums.disagreements / sums.rows if sums.rows else None


HARMS: dict[Metric, Harm] = {
    "loss": Harm(-0.1, 0.1, _loss),
    "errors": Harm(-1.0, 1.0, _errors),
    "disagreement": Harm(0.0, 1.0, _disagreement),
}


@dataclass(frozen=True)
class Gate:
    """A metric's harm and the most of it that is accepted."""

    metric: Metric
    limit: float = 0.0


@dataclass(frozen=True)
class Reading:
    """What a gate sees: the harm's estimate, and an interval that holds at any time."""

    metric: Metric
    verdict: Literal["Pass", "Fail", "Inconclusive"]
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
    better: bool | None
    """Whether the candidate is the better of the two by what is known: for the deadline. None without evidence."""


@dataclass(frozen=True)
class Scale:
    """One gate's evidence."""

    gate: Gate
    wealth: Wealth
    interval: Interval

    @classmethod
    def start(cls, gate: Gate, error: float) -> Self:
        harm = HARMS[gate.metric]
        return cls(gate, Wealth.none(1), Interval(harm.low, harm.high, error))

    def fold(self, sums: PairedSums) -> Self:
        value = HARMS[self.gate.metric].value(sums)
        if value is None:
            return self
        wealth = bet.accumulate(self.wealth, _null(self.gate), np.array([value]))
        return replace(self, wealth=wealth, interval=self.interval.fold(value))

    def read(self, fail_at: float, pass_at: float, *, enough: bool) -> Reading:
        """Read the gate; `fail_at` and `pass_at` are logarithms of e-values."""
        above, below = bet.log_mean(self.wealth.log)[0]
        estimate = self.interval.estimate
        within = estimate is not None and estimate <= self.gate.limit
        passes = below >= pass_at if self.gate.metric == "loss" else within
        verdict: Literal["Pass", "Fail", "Inconclusive"] = "Pass" if passes and enough else "Inconclusive"
        return Reading(self.gate.metric, "Fail" if above >= fail_at else verdict, estimate, *self.interval.ends)


@dataclass(frozen=True)
class Judge:
    """The comparison of one candidate with one champion. Folding returns a new judge; nothing is changed in place."""

    scales: tuple[Scale, ...]
    error_rate: float
    min_rows: int
    rows: int = 0
    labelled: int = 0

    @classmethod
    def start(cls, gates: tuple[Gate, ...], error_rate: float, min_rows: int) -> Self:
        """Begin a comparison; `min_rows` compared rows at least before anything passes."""
        return cls(tuple(Scale.start(gate, error_rate) for gate in gates), error_rate, min_rows)

    def fold(self, sums: PairedSums) -> tuple[Self, Ruling]:
        """Add a closed window; a window's answers and its labels may come in two calls."""
        judge = replace(
            self,
            scales=tuple(scale.fold(sums) for scale in self.scales),
            rows=self.rows + sums.rows,
            labelled=self.labelled + sums.labelled,
        )
        return judge, judge.ruling

    @property
    def ruling(self) -> Ruling:
        """Reject when a gate fails, promote when all pass, else keep looking."""
        fail_at, pass_at = -np.log(self.error_rate / max(len(self.scales), 1)), -np.log(self.error_rate)
        enough = self.rows >= self.min_rows
        readings = tuple(scale.read(float(fail_at), float(pass_at), enough=enough) for scale in self.scales)
        verdicts = {reading.verdict for reading in readings}
        outcome: Outcome = "Reject" if "Fail" in verdicts else "Promote" if verdicts == {"Pass"} else "KeepLooking"
        return Ruling(outcome, readings, self.rows, self.labelled, self._better(readings))

    def _better(self, readings: tuple[Reading, ...]) -> bool | None:
        if self.rows < self.min_rows or any(reading.estimate is None for reading in readings):
            return None
        return all(
            r.verdict != "Fail" and (r.estimate or 0.0) <= s.gate.limit
            for r, s in zip(readings, self.scales, strict=True)
        )

    def to_json(self) -> Json:
        """Return the evidence as plain JSON values; gates and rates are not in it."""
        scales = [{"wealth": scale.wealth.to_json(), "interval": scale.interval.to_json()} for scale in self.scales]
        return {"scales": scales, "rows": self.rows, "labelled": self.labelled}

    @classmethod
    def from_json(cls, gates: tuple[Gate, ...], error_rate: float, min_rows: int, state: Json) -> Self:
        """Go on from what `to_json` wrote, with the same gates and rates."""
        scales = tuple(
            Scale(gate, Wealth.from_json(kept["wealth"]), Interval.from_json(kept["interval"]))
            for gate, kept in zip(gates, state["scales"], strict=True)  # type: ignore[call-overload]
        )
        return cls(scales, error_rate, min_rows, int(state["rows"]), int(state["labelled"]))  # type: ignore[call-overload]


def _null(gate: Gate) -> Null:
    harm, limit = HARMS[gate.metric], np.array([gate.limit])
    return Null(limit, limit, np.array([harm.low]), np.array([harm.high]), np.full((1, 2), 1 / 2))
