"""How a run ends: well, badly for good, or badly for now. What has ended stays ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from trimtab.api.reasons import TrainingCondition as C
from trimtab.api.reasons import TrainingReason as R
from trimtab.api.trainingrun import TrainingRunSpec, TrainingRunStatus
from trimtab.contract.run import Failure, RunState, Step
from trimtab.reconcile import backoff, conditions, naming
from trimtab.reconcile.conditions import Fact
from trimtab.reconcile.outcome import SOON, CancelRun, Create, Decision, Effect
from trimtab.reconcile.trainingrun import product, progress, telling
from trimtab.reconcile.trainingrun.seen import Seen

INTERRUPTIONS = 3  # a run that is killed that often is killed for a reason of its own


def succeeded(seen: Seen, spec: TrainingRunSpec, state: RunState, now: datetime) -> Decision[TrainingRunStatus]:
    """The pipeline is done: make the ModelVersion, and end when it is seen."""
    if absent := product.missing(state.report):
        text = f"the pipeline's report lacks {', '.join(absent)}"
        return failed(replace(seen, state=broken(state, R.STEP_FAILED, text)), now)
    if seen.made is None and seen.refusal is not None:
        return telling.unmade(seen, state, seen.refusal, now)
    if seen.made is None:
        told = telling.under_way(seen, state.model_copy(update={"step": "register"}), now, SOON)
        return replace(told, effects=(Create(product.model_version(seen, spec, state.report)),))
    facts = [progress.admitted(), *progress.finished_steps(state)]
    made = {"version": seen.made.spec.version, "model_version": seen.made.head.name}
    return Decision(_ended(seen, facts, now, **telling.begun(seen, now), **telling.found(state), **made))


def next_attempt(seen: Seen, now: datetime) -> datetime | None:
    """When to try again: after a wait that doubles with each attempt; None when it is of no use.

    The wait is counted from the time the failed condition carries, so a restart of the operator changes nothing.
    """
    failure = seen.state.failure if seen.state else None
    if failure is None or not failure.retryable:
        return None
    if failure.reason == R.INTERRUPTED and seen.status.interruptions + 1 >= INTERRUPTIONS:
        return None
    said = conditions.find(seen.status.conditions, progress.condition_of(_place(seen, failure)))
    since = said.last_transition_time if said and said.status == "False" else now
    return since + backoff.after_failures(seen.status.attempt)


def failed(seen: Seen, now: datetime) -> Decision[TrainingRunStatus]:
    """The pipeline failed, and trying again is of no use."""
    state = seen.state
    if state is None or state.failure is None:
        state = broken(state, R.STEP_FAILED, "the pipeline failed without saying why; read the run's log")
    facts = [progress.admitted(), *progress.steps(state)]
    return Decision(_ended(seen, facts, now, **telling.found(state)))


def expired(seen: Seen, now: datetime) -> Decision[TrainingRunStatus]:
    """The run took too long: stop it."""
    heard = seen.trouble is None
    steps = progress.steps(seen.state) if heard else telling.known_steps(seen)
    facts = [progress.admitted(), *progress.stopped_at(steps, R.DEADLINE_EXCEEDED, _too_long(seen))]
    found = telling.found(seen.state) if heard else {}
    return Decision(_ended(seen, facts, now, **found), effects=stop(seen))


def _too_long(seen: Seen) -> str:
    """With what was in the way at last, if anything was."""
    going = conditions.find(seen.status.conditions, C.RECONCILING)
    last = f"; at last: {going.message}" if going and going.reason == R.RETRYING and going.message else ""
    return f"spec.activeDeadlineSeconds is over{last}"


def refused(seen: Seen, reason: str, message: str, now: datetime) -> Decision[TrainingRunStatus]:
    """The spec asks for something that cannot be done; it never changes, so this is the end."""
    facts = [Fact(C.ADMITTED, "False", reason, message), *progress.steps(None)]
    return Decision(_ended(seen, facts, now), effects=stop(seen))


def stop(seen: Seen) -> tuple[Effect, ...]:
    """Cancel this attempt and the next: a pass may have died between starting one and writing that down.

    Without our finalizer nothing was started: it is put on first.
    """
    if naming.FINALIZER not in seen.head.finalizers:
        return ()
    attempts = (seen.status.attempt, seen.status.attempt + 1)
    return tuple(CancelRun(naming.pipeline_run(seen.head, attempt)) for attempt in attempts)


def _ended(seen: Seen, facts: Sequence[Fact], now: datetime, **fields: Any) -> TrainingRunStatus:
    """The last status; `Ready` and `Stalled` say what the first fact that is not true says."""
    wrong = next((fact for fact in facts if fact.status == "False"), None)
    if wrong is None:
        closing = [Fact(C.READY, "True", R.SUCCEEDED, str(fields.get("model_version", "")))]
    else:
        closing = [
            Fact(C.READY, "False", wrong.reason, wrong.message),
            Fact(C.STALLED, "True", wrong.reason, wrong.message),
        ]
    return telling.written(seen, [*facts, *closing], now, completion_time=now, **fields)


def _place(seen: Seen, failure: Failure) -> Step | None:
    return failure.step or (seen.state.step if seen.state else None)


def broken(state: RunState | None, reason: str, message: str) -> RunState:
    """The state of a run that failed for a reason the pipeline itself does not give."""
    known = state or RunState(phase="Failed")
    failure = Failure(step=known.step, reason=reason, message=message)
    return known.model_copy(update={"phase": "Failed", "failure": failure})


def time_to_live(status: TrainingRunStatus, spec: TrainingRunSpec) -> datetime | None:
    """When a finished run is to be deleted; None for never."""
    if spec.ttl_seconds_after_finished is None or status.completion_time is None:
        return None
    return status.completion_time + timedelta(seconds=spec.ttl_seconds_after_finished)
