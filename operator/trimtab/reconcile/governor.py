"""The governor: whether drift may start a TrainingRun now. Pure, from what is in the cluster and the time.

    cooldown    since the end of the last run that drift started, or since a person declined it
    one         run of the model at a time, suspended ones too, and none while a candidate is being compared
    budget      runs within a period
    breaker     runs in a row, since the champion took its place, that brought no promoted version

Each refusal says when it is worth looking again, if time alone can lift it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trimtab.api.common import parse_duration
from trimtab.api.inferenceservice import Decision as Told
from trimtab.api.inferenceservice import Retraining
from trimtab.api.reasons import ServiceReason as R
from trimtab.reconcile.reading import Run

_UNSEEN = timedelta(minutes=1)  # so long a finished run's ModelVersion may take to be seen and looked at


@dataclass(frozen=True)
class Situation:
    """All the governor looks at."""

    champion_since: datetime
    repeatable: bool  # the champion's training spec is known
    candidate: bool  # a version is being compared
    runs: Sequence[Run]  # all TrainingRuns of the model
    drift_runs: Sequence[Run]  # those that drift of this service started
    versions: frozenset[str]  # names of the ModelVersions that are seen, and were looked at
    told: Sequence[Told]


@dataclass(frozen=True)
class Ruling:
    """Whether a run may start, and if not why and until when."""

    allowed: bool
    reason: R
    message: str = ""
    until: datetime | None = None


def rule(rules: Retraining | None, situation: Situation, now: datetime) -> Ruling:
    """The first objection, or leave to start."""
    if rules is None:
        return _no(R.NOT_CONFIGURED, "add spec.retraining to let drift start a run")
    objections: Iterable[Ruling | None] = (
        _nothing_to_repeat(situation),
        _running(situation, now),
        _comparing(situation),
        _open_circuit(rules, situation),
        _cooling(rules, situation, now),
        _spent(rules, situation, now),
    )
    return next((objection for objection in objections if objection), Ruling(allowed=True, reason=R.ALLOWED))


def _nothing_to_repeat(situation: Situation) -> Ruling | None:
    if situation.repeatable:
        return None
    return _no(R.NOTHING_TO_REPEAT, "the champion's training spec is not known; create a TrainingRun once by hand")


def _running(situation: Situation, now: datetime) -> Ruling | None:
    """Ours that waits for approval is told first: when it is gone, that was a no."""
    busy = [run for run in situation.runs if _in_flight(run, situation, now)]
    held = [run for run in busy if _suspended(run)]
    if ours := next((run for run in held if run in situation.drift_runs), None):
        return _no(R.AWAITING_APPROVAL, f"set spec.suspend of TrainingRun {ours.head.name} to false, or delete it")
    if working := next((run for run in busy if run not in held), None):
        return _no(R.ALREADY_RUNNING, f"TrainingRun {working.head.name} is under way")
    if not held:
        return None
    what = f"TrainingRun {held[0].head.name} is suspended and may go on at any time"
    return _no(R.RUN_SUSPENDED, f"{what}; set its spec.suspend to false, or delete it")


def _suspended(run: Run) -> bool:
    return run.spec.suspend and run.status.completion_time is None


def _in_flight(run: Run, situation: Situation, now: datetime) -> bool:
    """Not ended; or ended so lately that the version it made may not have been seen yet."""
    ended = run.status.completion_time
    if ended is None:
        return run.head.deleted is None
    made = run.status.model_version
    return made is not None and made not in situation.versions and now < ended + _UNSEEN


def _comparing(situation: Situation) -> Ruling | None:
    return _no(R.CANDIDATE_IN_SHADOW, "a newer version is being compared") if situation.candidate else None


def _open_circuit(rules: Retraining, situation: Situation) -> Ruling | None:
    tried = [r for r in situation.drift_runs if r.status.completion_time and r.head.created >= situation.champion_since]
    if len(tried) < rules.suspend_after_failures:
        return None
    return _no(
        R.CIRCUIT_OPEN,
        f"{rules.suspend_after_failures} runs in a row brought no promoted version; find out why, then promote a "
        "version of a run made by hand, or delete the runs",
    )


def _cooling(rules: Retraining, situation: Situation, now: datetime) -> Ruling | None:
    """A run that was deleted has no end; that it was asked for, or was declined, is told."""
    ends = [run.status.completion_time for run in situation.drift_runs if run.status.completion_time]
    told = [told.time for told in situation.told if told.action == "Retrain"]
    until = max([*ends, *told]) + parse_duration(rules.cooldown) if ends or told else now
    return _no(R.COOLING_DOWN, f"less than {rules.cooldown} after the last run", until) if now < until else None


def _spent(rules: Retraining, situation: Situation, now: datetime) -> Ruling | None:
    """Runs are counted by name from the objects and from the decisions told, so deleting a run gives nothing back."""
    asked = [told for told in situation.told if told.action == "Retrain" and told.run]
    started = {told.run: told.time for told in reversed(asked)}  # of one declined, the asking
    started |= {run.head.name: run.head.created for run in situation.drift_runs}
    period = parse_duration(rules.budget.per)
    recent = sorted(time for time in started.values() if time > now - period)
    if len(recent) < rules.budget.runs:
        return None
    until = recent[-rules.budget.runs] + period
    return _no(R.BUDGET_SPENT, f"{rules.budget.runs} runs within {rules.budget.per}", until)


def _no(reason: R, message: str, until: datetime | None = None) -> Ruling:
    again = f"; next at {until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if until else ""
    return Ruling(allowed=False, reason=reason, message=message + again, until=until)
