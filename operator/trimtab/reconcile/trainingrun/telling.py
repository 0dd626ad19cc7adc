"""The status of a run that has not ended, in each of the states it can be in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from trimtab.api.reasons import TrainingCondition as C
from trimtab.api.reasons import TrainingReason as R
from trimtab.api.trainingrun import TrainingRunStatus
from trimtab.contract.run import RunReport, RunState
from trimtab.reconcile import backoff, conditions, naming
from trimtab.reconcile.conditions import Fact
from trimtab.reconcile.outcome import Decision, Trouble
from trimtab.reconcile.trainingrun import progress
from trimtab.reconcile.trainingrun.seen import Seen


def under_way(seen: Seen, state: RunState | None, now: datetime, poll: timedelta) -> Decision[TrainingRunStatus]:
    """The run is at work; `state` None: it has just been started."""
    queue = seen.spec.queue_name if seen.spec else None
    facts = [progress.admitted(state, queue), *progress.steps(state or RunState(phase="Running"))]
    going = Fact(C.RECONCILING, "True", R.RUNNING, _first_open(facts).type)
    fields = begun(seen, now) | found(state)
    if progress.waits(state, queue):
        fields["start_time"] = _counted_from(seen)
    return Decision(written(seen, [*facts, ready(facts), going], now, **fields), look_again=poll)


def _counted_from(seen: Seen) -> datetime | None:
    """A queue takes nothing from the time a run may take; but once it ran, all counts, or retries would have no end."""
    return seen.status.start_time if seen.status.attempt else None


def waiting(seen: Seen, again_at: datetime, now: datetime) -> Decision[TrainingRunStatus]:
    """An attempt failed for a cause that may go away; another follows."""
    facts = [progress.admitted(), *progress.steps(seen.state)]
    going = Fact(C.RECONCILING, "True", R.RETRYING, _first_open(facts).message)
    return Decision(written(seen, [*facts, ready(facts), going], now, **found(seen.state)), look_again=again_at - now)


def troubled(seen: Seen, trouble: Trouble, now: datetime) -> Decision[TrainingRunStatus]:
    """The pipeline engine does not answer: say so where the run stands, and ask again."""
    before = conditions.as_facts(seen.status.conditions)
    known = [f for f in before if f.type not in (C.READY, C.RECONCILING, C.STALLED)]
    facts = known or [progress.admitted(), *progress.steps(None)]
    place = next((i for i, fact in enumerate(facts) if fact.status != "True"), len(facts) - 1)
    facts[place] = Fact(facts[place].type, "Unknown", R.ENGINE_UNAVAILABLE, trouble.message)
    going = Fact(C.RECONCILING, "True", R.RETRYING, trouble.message)
    start = _tried_since(seen, now)
    return Decision(written(seen, [*facts, ready(facts), going], now, start_time=start), look_again=_wait(seen, now))


def _tried_since(seen: Seen, now: datetime) -> datetime | None:
    """A run that no engine takes has a deadline too; one that was taken may stand in a queue, which costs no time."""
    taken = seen.status.pipeline_run == naming.pipeline_run(seen.head, seen.status.attempt).name
    held = taken or seen.spec is None or seen.spec.suspend
    return seen.status.start_time or (None if held else now)


def known_steps(seen: Seen) -> list[Fact]:
    """The steps as they were told before the engine fell silent."""
    told = [fact for fact in conditions.as_facts(seen.status.conditions) if fact.type in progress.STEPS]
    return told or progress.steps(None)


def unmade(seen: Seen, state: RunState, refusal: Trouble, now: datetime) -> Decision[TrainingRunStatus]:
    """The pipeline is done, and the API server does not let its ModelVersion be made: say so, and try again."""
    *steps, _ = progress.finished_steps(state)
    registered = Fact(C.REGISTERED, "False", R.VERSION_REFUSED, refusal.message)
    facts = [progress.admitted(), *steps, registered]
    going = Fact(C.RECONCILING, "True", R.RETRYING, refusal.message)
    status = written(seen, [*facts, ready(facts), going], now, **begun(seen, now), **found(state))
    return Decision(status, look_again=_wait(seen, now))


def _wait(seen: Seen, now: datetime) -> timedelta:
    """How long until the next try, by how long it has been tried."""
    return backoff.while_failing(silent_since(seen) or now, now)


def silent_since(seen: Seen) -> datetime | None:
    """Since when something outside has been tried again and again; None when it was not."""
    going = conditions.find(seen.status.conditions, C.RECONCILING)
    return going.last_transition_time if going and going.reason == R.RETRYING else None


def held(seen: Seen, attempt: int, now: datetime) -> Decision[TrainingRunStatus]:
    """Suspended: nothing runs, and the time the run may take starts anew when it goes on."""
    admitted = Fact(C.ADMITTED, "False", R.SUSPENDED, "set spec.suspend to false to let the run go on")
    facts = [admitted, *progress.steps(None)]
    return Decision(written(seen, [*facts, ready(facts)], now, attempt=attempt, start_time=None))


def ready(facts: Sequence[Fact]) -> Fact:
    """`Ready` repeats the first fact that is not true."""
    open_ = _first_open(facts)
    return Fact(C.READY, open_.status, open_.reason, open_.message)


def _first_open(facts: Sequence[Fact]) -> Fact:
    return next(fact for fact in facts if fact.status != "True")


def begun(seen: Seen, now: datetime) -> dict[str, Any]:
    """What is known once the pipeline was started."""
    return {
        "attempt": seen.status.attempt,
        "pipeline_run": naming.pipeline_run(seen.head, seen.status.attempt).name,
        "start_time": seen.status.start_time or now,
    }


def found(state: RunState | None) -> dict[str, Any]:
    """What the pipeline has found out so far."""
    report = state.report if state else RunReport()
    return {
        "data": report.data,
        "metrics": report.legible_metrics,
        "gates": report.gates,
        "mlflow_run_id": report.mlflow_run_id,
        "mlflow_version": report.mlflow_version,
    }


def written(seen: Seen, facts: Sequence[Fact], now: datetime, **fields: Any) -> TrainingRunStatus:
    """The status with these facts and fields, the rest as it was."""
    settled = conditions.settle(seen.status.conditions, facts, seen.head.generation, now)
    update = {"observed_generation": seen.head.generation, "conditions": settled, **fields}
    return seen.status.model_copy(update=update)
