"""What a pass over a TrainingRun does: a chain of checks, each for one state the run can be in."""

from dataclasses import replace
from datetime import datetime, timedelta

from trimtab.api.reasons import TrainingReason as R
from trimtab.api.trainingrun import TrainingRunSpec, TrainingRunStatus
from trimtab.contract.run import RunRequest
from trimtab.keys import Key
from trimtab.reconcile import conditions, naming
from trimtab.reconcile.outcome import SOON, Apply, Decision, Delete, Release, StartRun, Trouble
from trimtab.reconcile.trainingrun import ending, progress, telling
from trimtab.reconcile.trainingrun.seen import KIND, Seen

TrainingDecision = Decision[TrainingRunStatus]
RELEASE_DEADLINE = timedelta(minutes=1)  # deleting never waits longer for a pipeline engine that is away
SILENCE = timedelta(minutes=10)  # so long a silent engine may yet tell that a run ended well before its deadline


def decide(seen: Seen, now: datetime, poll: timedelta) -> TrainingDecision:
    """The decision about a run; `poll` is the time between looks at a pipeline that is under way."""
    if seen.head.deleted is not None:
        return _release(seen, seen.head.deleted, now)
    if seen.status.completion_time is not None:
        return _rest(seen, now)
    if seen.spec is None:
        return _unreadable(seen, now)
    if naming.FINALIZER not in seen.head.finalizers:
        return Decision(effects=(Apply(naming.with_finalizer(KIND, seen.head)),), look_again=SOON)
    return _live(seen, seen.spec, now, poll)


def _unreadable(seen: Seen, now: datetime) -> TrainingDecision:
    """The spec cannot be read; a pipeline that was started when it could be is stopped before the run ends."""
    if seen.trouble is not None:
        return telling.troubled(seen, seen.trouble, now)
    return ending.refused(seen, R.INVALID_SPEC, seen.fault, now)


def _live(seen: Seen, spec: TrainingRunSpec, now: datetime, poll: timedelta) -> TrainingDecision:
    if seen.trouble is not None:
        return _troubled(seen, spec, seen.trouble, now)
    if spec.suspend:
        return _hold(seen, now)
    if _overdue(seen, spec, now):
        return ending.expired(seen, now)
    return _follow(seen, spec, now, poll)


def _follow(seen: Seen, spec: TrainingRunSpec, now: datetime, poll: timedelta) -> TrainingDecision:
    if seen.state is None:
        return _start(seen, spec, seen.status.attempt, now, poll)
    if seen.state.phase == "Running":
        return telling.under_way(seen, seen.state, now, poll)
    if seen.state.phase == "Succeeded":
        return ending.succeeded(seen, spec, seen.state, now)
    return _failed(seen, spec, now, poll)


def _troubled(seen: Seen, spec: TrainingRunSpec, trouble: Trouble, now: datetime) -> TrainingDecision:
    """The engine is away, which passes, though not for longer than the run may take; or it refused the run."""
    if trouble.refused and seen.state is None:
        return ending.refused(seen, trouble.reason, trouble.message, now)
    if trouble.refused:
        return ending.failed(replace(seen, state=ending.broken(seen.state, trouble.reason, trouble.message)), now)
    if _overdue_unseen(seen, spec, trouble, now):
        return ending.expired(seen, now)
    return telling.troubled(seen, trouble, now)


def _start(seen: Seen, spec: TrainingRunSpec, attempt: int, now: datetime, poll: timedelta) -> TrainingDecision:
    """Start the pipeline of this attempt; starting it again is the same start."""
    request = RunRequest(
        namespace=seen.head.namespace,
        training_run=seen.head.name,
        uid=seen.head.uid,
        spec=spec,
        champion=seen.champion,
    )
    begun = replace(seen, status=seen.status.model_copy(update={"attempt": attempt}))
    told = telling.under_way(begun, None, now, poll)
    return replace(told, effects=(StartRun(naming.pipeline_run(seen.head, attempt), request),))


def _failed(seen: Seen, spec: TrainingRunSpec, now: datetime, poll: timedelta) -> TrainingDecision:
    again_at = ending.next_attempt(seen, now)
    if again_at is None:
        return ending.failed(_counted(seen), now)
    if again_at <= now:
        return _start(_counted(seen), spec, seen.status.attempt + 1, now, poll)
    return telling.waiting(seen, again_at, now)


def _counted(seen: Seen) -> Seen:
    """What was seen, with the interruption counted that the failed attempt ended by, if it did."""
    if seen.state is None or seen.state.failure is None or seen.state.failure.reason != R.INTERRUPTED:
        return seen
    return replace(seen, status=seen.status.model_copy(update={"interruptions": seen.status.interruptions + 1}))


def _hold(seen: Seen, now: datetime) -> TrainingDecision:
    """Stop what runs; the attempt after the stopped one is used when the run goes on."""
    if seen.state is None or seen.state.phase == "Succeeded":
        return telling.held(seen, seen.status.attempt, now)
    if seen.state.phase == "Failed":
        return telling.held(seen, seen.status.attempt + 1, now)
    told = telling.held(seen, seen.status.attempt, now)
    return replace(told, effects=ending.stop(seen), look_again=timedelta(seconds=1))


def _overdue(seen: Seen, spec: TrainingRunSpec, now: datetime) -> bool:
    started = seen.status.start_time
    done = seen.state is not None and seen.state.phase == "Succeeded"
    there = seen.state is not None
    queued = there and not seen.status.attempt and progress.waits(seen.state, spec.queue_name)
    if done or queued or started is None:
        return False
    return now >= started + timedelta(seconds=spec.active_deadline_seconds)


def _overdue_unseen(seen: Seen, spec: TrainingRunSpec, trouble: Trouble, now: datetime) -> bool:
    """The deadline of a run of which nothing is heard; what cannot be stopped does not end, nor what is done."""
    silent = telling.silent_since(seen)
    done = seen.status.mlflow_version is not None
    if trouble.told or spec.suspend or done or silent is None or now < silent + SILENCE:
        return False
    return _overdue(seen, spec, now)


def _release(seen: Seen, deleted: datetime, now: datetime) -> TrainingDecision:
    """Stop the pipeline, then let the object go; an engine that is away holds it for a while only."""
    if naming.FINALIZER not in seen.head.finalizers:
        return Decision()
    go = Release(naming.without_finalizer(KIND, seen.head))
    if seen.trouble is None:
        return Decision(effects=(*ending.stop(seen), go))
    if now < deleted + RELEASE_DEADLINE:
        return Decision(look_again=timedelta(seconds=1))
    return Decision(effects=(go,))


def _rest(seen: Seen, now: datetime) -> TrainingDecision:
    """A finished run never runs again: only its generation is followed, and its time to live."""
    status = telling.written(seen, conditions.as_facts(seen.status.conditions), now)
    over = ending.time_to_live(seen.status, seen.spec) if seen.spec else None
    if over is None:
        return Decision(status)
    if now < over:
        return Decision(status, look_again=over - now)
    return Decision(effects=(Delete(Key(KIND, seen.head.namespace, seen.head.name), seen.head.uid),))
