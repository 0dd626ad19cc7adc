"""Gates on the held-out part: pure comparisons, each with the numbers it looked at.

A gate with several bounds gives a result for each. Higher is better for auc and accuracy, lower for the others; the
calibration gap counts by its size. A comparison with the champion asks for nothing when there is no champion yet.
"""

from collections.abc import Iterator, Mapping, Sequence

from trimtab.api.trainingrun import Gate, GateResult

_HIGHER_IS_BETTER = ("auc", "accuracy")


def judge(
    gates: Sequence[Gate], metrics: Mapping[str, float], champion: Mapping[str, float] | None
) -> list[GateResult]:
    """What each gate says of the candidate's metrics."""
    return [result for gate in gates for result in _results(gate, metrics, champion)]


def passed(results: Sequence[GateResult]) -> bool:
    """Whether every gate let the version pass."""
    return all(result.passed for result in results)


def _results(gate: Gate, metrics: Mapping[str, float], champion: Mapping[str, float] | None) -> Iterator[GateResult]:
    value = _size(gate.metric, metrics)
    if gate.min is not None:
        yield _result(gate.metric, value, gate.min, passed=value >= gate.min)
    if gate.max is not None:
        yield _result(gate.metric, value, gate.max, passed=value <= gate.max)
    if gate.champion is not None and champion is not None:
        yield _against(gate.metric, value, _size(gate.metric, champion), gate.champion.tolerance)


def _against(metric: str, value: float, champion: float, tolerance: float) -> GateResult:
    if metric in _HIGHER_IS_BETTER:
        return _result(metric, value, champion - tolerance, passed=value >= champion - tolerance, champion=champion)
    return _result(metric, value, champion + tolerance, passed=value <= champion + tolerance, champion=champion)


def _result(metric: str, value: float, limit: float, *, passed: bool, champion: float | None = None) -> GateResult:
    return GateResult(metric=metric, passed=passed, value=value, limit=limit, champion=champion)


def _size(metric: str, metrics: Mapping[str, float]) -> float:
    return abs(metrics[metric]) if metric == "calibrationGap" else metrics[metric]
