"""The verdict on a candidate, from evidence that may be looked at at any time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from trimtab.api.common import parse_duration
from trimtab.api.inferenceservice import GateState, Promotion
from trimtab.contract.serving import ComparisonReport


@dataclass(frozen=True)
class Verdict:
    """What was concluded, and why."""

    outcome: Literal["Promoted", "Rejected"]
    message: str
    evidence: bool = True
    """Whether it rests on any: a rejection for lack of it says nothing about the version."""


def judge(comparison: ComparisonReport, promotion: Promotion, since: datetime, now: datetime) -> Verdict | None:
    """Promote when every gate passes on enough requests, reject when one fails or has no gain to show.

    At the end (the deadline, counted from `since`, when the candidate began to answer, and until then from its choice;
    or the most windows) the better of the two takes the place. None: keep looking.
    """
    failed = [gate for gate in comparison.gates if gate.verdict == "Fail"]
    if failed:
        return Verdict("Rejected", _told(failed, comparison))
    enough = comparison.requests >= promotion.min_requests
    futile = [gate for gate in comparison.gates if gate.verdict == "Futile"]
    if futile and enough:
        return Verdict("Rejected", f"just as good, no gain worth a change: {_told(futile, comparison)}")
    if enough and comparison.gates and all(gate.verdict == "Pass" for gate in comparison.gates):
        return Verdict("Promoted", _told(comparison.gates, comparison))
    end = end_of(promotion, comparison.windows, since, now)
    return _at_end(end, comparison, promotion, enough=enough) if end else None


def end_of(promotion: Promotion, windows: int, since: datetime, now: datetime) -> str | None:
    """Say which end has come, if one has."""
    if promotion.max_windows is not None and windows >= promotion.max_windows:
        return f"after {windows} windows"
    return "at the deadline" if now >= since + parse_duration(promotion.deadline) else None


def _at_end(end: str, comparison: ComparisonReport, promotion: Promotion, *, enough: bool) -> Verdict | None:
    told = _told(comparison.gates, comparison)
    if not enough or comparison.better is None:
        no_data = Verdict("Rejected", f"no verdict {end}, too little evidence: {told}", evidence=False)
        return no_data if promotion.on_no_data == "Fail" else None
    if comparison.better:
        return Verdict("Promoted", f"the better of the two {end}: {told}")
    return Verdict("Rejected", f"not the better of the two {end}: {told}")


def _told(gates: list[GateState], comparison: ComparisonReport) -> str:
    counted = f"{comparison.requests} rows, {comparison.labelled} labelled"
    numbers = "; ".join(_gate(gate) for gate in gates)
    return f"candidate less champion: {numbers} ({counted})" if gates else counted


def _gate(gate: GateState) -> str:
    if gate.estimate is None:
        return f"{gate.metric} {gate.verdict}"
    unit = " nats a row" if gate.metric == "loss" else ""
    interval = f" in [{gate.low:+.4g}, {gate.high:+.4g}]" if gate.low is not None and gate.high is not None else ""
    return f"{gate.metric} {gate.verdict}: {gate.estimate:+.4g}{unit}{interval}"
