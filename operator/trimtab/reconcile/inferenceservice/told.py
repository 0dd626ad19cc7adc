"""What a person is told beside a verdict, or in place of it; numbers are for the status, as they would tick here."""

from collections.abc import Sequence

from trimtab.api.inferenceservice import DriftState
from trimtab.api.reasons import ServiceCondition as C
from trimtab.api.reasons import ServiceReason as R
from trimtab.contract.serving import MonitorReport
from trimtab.reconcile.conditions import Fact

_NAMED = 3
_SMALL = "windows of fewer than 50 rows are not judged; make spec.monitoring.window longer"


def unjudged(report: MonitorReport) -> Fact:
    """Say what the first verdict waits for: two windows, of rows enough."""
    reason, texts = R.TOO_FEW_ROWS, ["no window is full yet"]
    small = [_SMALL] if report.drift.small_windows else []
    if report.drift.windows:
        texts = ["one window is judged, a verdict takes one more", *small]
    elif small:
        reason, texts = R.WINDOWS_TOO_SMALL, small
    return Fact(C.STABLE, "Unknown", reason, remarks(report, *texts))


def remarks(report: MonitorReport, *texts: str) -> str:
    """Put what is amiss with settings and requests after the texts; a message is cut, so the longest comes last."""
    return "; ".join(filter(None, (*texts, _misnamed(report.unknown_features), unwatched(report.drift))))


def _misnamed(features: Sequence[str]) -> str:
    """Say that tolerances are for features that there are not; a person spells one wrong, seldom more."""
    if not features:
        return ""
    names = ", ".join(map(repr, features[:_NAMED])) + (", …" if len(features) > _NAMED else "")
    return f"spec.monitoring.data.tolerances names what is no feature of the champion: {names}"


def unwatched(drift: DriftState) -> str:
    """Say that some requests name no window, if so."""
    if drift.left_out is None or not drift.left_out.requests_without_window:
        return ""
    return (
        "requests without the parameter of spec.monitoring.window, or with a bad value of it, are neither watched nor "
        "compared; status.drift.leftOut counts them"
    )
