"""What the monitor's memory says, in the words of the contract."""

from trimtab.api.inferenceservice import DriftState, Finding, GateState
from trimtab.api.monitoring import LeftOut
from trimtab.contract.serving import Alarm, ComparisonReport, MonitorReport
from trimtab.drift import Verdict
from trimtab.serving.memory.closing import SMALL
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.rows import passed_over
from trimtab.serving.memory.scores import estimated
from trimtab.serving.memory.store import Store


def report(store: Store, focus: Focus) -> MonitorReport:
    """Say what is known of the champion and of the candidate; whether they are loaded is for their replicas to say."""
    watch = focus.watch(store)
    verdict = watch.verdict if watch else Verdict()
    windows = max(watch.data_verdict.windows, watch.concept_verdict.windows) if watch else 0
    return MonitorReport(
        drift_version=focus.plan.champion.version,
        drift=drift_of(verdict, windows).model_copy(
            update={
                "label_coverage": _coverage(store, focus.stream),
                "estimated_performance": estimated(store, focus),
                "small_windows": _roughly(store.tally(SMALL, focus.stream)) or None,
                "left_out": _left_out(store, focus.stream),
                "passed_over": passed_over(store, focus),
            }
        ),
        unknown_features=focus.unknown_features,
        consecutive_windows=verdict.consecutive,
        alarms=[_alarm(side) for side in (watch.verdicts if watch else ()) if side.drifted],
        comparison=_comparison(store, focus),
    )


def _alarm(verdict: Verdict) -> Alarm:
    return Alarm(drift=drift_of(verdict, verdict.windows), consecutive_windows=verdict.consecutive)


def drift_of(verdict: Verdict, windows: int) -> DriftState:
    """Put a verdict, after so many windows, into the words of the API."""
    findings = [
        Finding(
            quantity=found.quantity,
            reference=found.reference,
            live=found.live,
            effect=found.effect,
            distance=found.distance,
        )
        for found in verdict.findings
    ]
    since = verdict.findings[0].since if verdict.findings else None
    return DriftState(verdict=verdict.kind, windows=windows, since=since or None, findings=findings)


def _coverage(store: Store, stream: str) -> float | None:
    rows = store.tally("rows", stream)
    return store.tally("labelled", stream) / rows if rows else None


def _left_out(store: Store, stream: str) -> LeftOut | None:
    """Every reason is the name of a tally."""
    found = LeftOut(**{reason: _roughly(store.tally(reason, stream)) for reason in LeftOut.model_fields})
    return None if found == LeftOut() else found


def _roughly(count: int) -> int:
    """Cut a number to its two leading digits, so that what grows all the time is seldom another status."""
    unit = int(10.0 ** max(len(str(count)) - 2, 0))
    return count // unit * unit


def _comparison(store: Store, focus: Focus) -> ComparisonReport | None:
    judge, candidate = focus.judge(store), focus.plan.candidate
    if judge is None or candidate is None or focus.pair is None:
        return None
    ruling = judge.ruling
    gates = [
        GateState(metric=seen.metric, verdict=seen.verdict, estimate=seen.estimate, low=seen.low, high=seen.high)
        for seen in ruling.readings
    ]
    return ComparisonReport(
        version=candidate.version,
        requests=ruling.rows + store.open_rows("answers", focus.pair),
        labelled=ruling.labelled,
        windows=ruling.windows,
        dropped=store.tally("dropped", focus.pair),
        gates=gates,
        better=ruling.better,
    )
