"""What a person is told of a monitor that has seen too little; numbers are for the status, as they would tick here."""

from trimtab.api.inferenceservice import DriftState
from trimtab.api.reasons import ServiceCondition as C
from trimtab.api.reasons import ServiceReason as R
from trimtab.reconcile.conditions import Fact

_SMALL = "windows of fewer than 50 rows are not judged; make spec.monitoring.window longer"


def unjudged(drift: DriftState) -> Fact:
    """Say what the first verdict waits for: two windows, of rows enough."""
    small = _SMALL if drift.small_windows else ""
    if drift.windows:
        return _unknown(R.TOO_FEW_ROWS, unwatched(drift), "one window is judged, a verdict takes one more", small)
    if small:
        return _unknown(R.WINDOWS_TOO_SMALL, unwatched(drift), small)
    return _unknown(R.TOO_FEW_ROWS, unwatched(drift) or "no window is full yet")


def unwatched(drift: DriftState) -> str:
    """Say that some requests name no window, if so."""
    if drift.left_out is None or not drift.left_out.requests_without_window:
        return ""
    return (
        "requests without the parameter of spec.monitoring.window, or with a bad value of it, are neither watched nor "
        "compared; status.drift.leftOut counts them"
    )


def _unknown(reason: R, *texts: str) -> Fact:
    return Fact(C.STABLE, "Unknown", reason, "; ".join(filter(None, texts)))
