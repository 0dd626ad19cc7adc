"""Gates on the held-out part: pure comparisons, each with the numbers it looked at.

A gate with several bounds gives a result for each. Higher is better for auc and accuracy, lower for the others; the
calibration gap counts by its size. A comparison with the champion asks for nothing when there is no champion yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trimtab.api.trainingrun import Gate, GateResult

_HIGHER_IS_BETTER = ("auc", "accuracy")


@dataclass(frozen=True)
class Comparison:
    """Metrics of both on the same rows, which neither has learnt; they may be fewer than the held-out rows."""

    candidate: Mapping[str, float]
    champion: Mapping[str, float]


def judge(gates: Sequence[Gate], metrics: Mapping[str, float], beside: Comparison | None) -> list[GateResult]:
    """What each gate says of the candidate's metrics on all held-out rows, and of its comparison with the champion."""
    return [result for gate in gates for result in _results(gate, metrics, beside)]


def passed(results: Sequence[GateResult]) -> bool:
    """Whether every gate let the version pass."""
    return all(result.passed for result in results)


def _results(gate: Gate, metrics: Mapping[str, float], beside: Comparison | None) -> Iterator[GateResult]:
    value = _size(gate.metric, metrics)
    if gate.min is not None:
        yield _result(gate.metric, value, gate.min, passed=value >= gate.min)
    if gate.max is not None:
        yield _result(gate.metric, value, gate.max, passed=value <= gate.max)
    if gate.champion is not None and beside is not None:
        mine, champion = _size(gate.metric, beside.candidate), _size(gate.metric, beside.champion)
        yield _against(gate.metric, mine, champion, gate.champion.tolerance)


def _against(metric: str, value: float, champion: float, tolerance: float) -> GateResult:
    if metric in _HIGHER_IS_BETTER:
        return _result(metric, value, champion - tolerance, passed=value >= champion - tolerance, champion=champion)
    return _result(metric, value, champion + tolerance, passed=value <= champion + tolerance, champion=champion)


def _result(metric: str, value: float, limit: float, *, passed: bool, champion: float | None = None) -> GateResult:
    return GateResult(metric=metric, passed=passed, value=value, limit=limit, champion=champion)


def _size(metric: str, metrics: Mapping[str, float]) -> float:
    return abs(metrics[metric]) if metric == "calibrationGap" else metrics[metric]
