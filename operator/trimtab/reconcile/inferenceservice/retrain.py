"""What drift leads to: the governor is asked, and when it agrees a TrainingRun is made from the champion's own spec."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trimtab.api.inferenceservice import Decision as Told
from trimtab.api.inferenceservice import DriftState, InferenceServiceSpec
from trimtab.api.reasons import ServiceCondition as C
from trimtab.api.reasons import ServiceReason as R
from trimtab.api.trainingrun import Evidence
from trimtab.keys import KubeObject
from trimtab.reconcile import backoff, conditions, governor, naming
from trimtab.reconcile.governor import Ruling, Situation
from trimtab.reconcile.inferenceservice import repeat
from trimtab.reconcile.inferenceservice.choose import Standing
from trimtab.reconcile.inferenceservice.seen import Seen
from trimtab.reconcile.reading import Run


@dataclass(frozen=True)
class Episodes:
    """How many drift episodes there were, what is to be told of the newest, and the run to create now."""

    last: int
    ruling: Ruling
    told: tuple[Told, ...] = ()
    run: KubeObject | None = None


def respond(seen: Seen, spec: InferenceServiceSpec, standing: Standing, now: datetime, poll: timedelta) -> Episodes:
    """The response to what the monitor says.

    An episode is known by its TrainingRun, whose name is a function of service and episode. So a pass that died between
    making the run and writing so finds it again, and never makes a second one.
    """
    ours = _ours(seen)
    last = max([seen.status.episode, *(_episode(seen, run) for run in ours)])
    adopted = (_adopted(run, now) for run in ours if _episode(seen, run) > seen.status.episode)
    told = (*_declined(seen, ours, now), *adopted)
    ruling = governor.rule(spec.retraining, _situation(seen, standing, ours, told, now), now)
    drift = drifting(seen, spec, standing)
    if not ruling.allowed or drift is None:
        return Episodes(last, ruling, told)
    if refused := _refused(seen, now, poll):
        return Episodes(last, refused, told)
    run = repeat.run(seen, spec, standing, drift)
    return Episodes(seen.next_episode, ruling, (*told, _told(run, now)), run)


def _refused(seen: Seen, now: datetime, poll: timedelta) -> Ruling | None:
    """The API server's words while it does not let the run be made; None when it is to be asked, or asked again."""
    if seen.refusal is not None:
        return Ruling(allowed=False, reason=R.RUN_REFUSED, message=seen.refusal.message)
    said = conditions.find(seen.status.conditions, C.RETRAIN_ALLOWED)
    if said is None or said.reason != R.RUN_REFUSED:
        return None
    if backoff.is_due(said.last_transition_time, now, poll, backoff.TRY_AGAIN):
        return None
    return Ruling(allowed=False, reason=R.RUN_REFUSED, message=said.message)


def drifting(seen: Seen, spec: InferenceServiceSpec, standing: Standing) -> DriftState | None:
    """The gravest alarm about the champion that the spec retrains on, held for as many windows as it asks for.

    The champion as it is after this pass: an alarm about the one before says nothing of its successor.
    """
    report, champion, asked = seen.report, standing.champion, spec.retraining
    if report is None or champion is None or asked is None or report.drift_version != champion.version:
        return None
    held = (alarm.drift for alarm in report.held if alarm.consecutive_windows >= asked.consecutive_windows)
    return next((drift for drift in held if drift.verdict in asked.on), None)


def _ours(seen: Seen) -> list[Run]:
    """The runs that drift of this service started, in the order of their episodes."""
    named = [r for r in seen.runs if _episode(seen, r) and r.head.labels.get(naming.SERVICE) == seen.head.name]
    return sorted(named, key=lambda run: _episode(seen, run))


def _episode(seen: Seen, run: Run) -> int:
    return naming.episode_of(seen.head.name, run.head.name)


def _situation(seen: Seen, standing: Standing, ours: list[Run], told: Sequence[Told], now: datetime) -> Situation:
    champion = standing.champion
    return Situation(
        champion_since=champion.since if champion else now,
        repeatable=repeat.recipe(seen, standing) is not None,
        candidate=standing.shadow is not None,
        runs=seen.runs,
        drift_runs=ours,
        versions=frozenset(v.head.name for v in seen.versions if v.status.conditions),
        told=[*seen.status.decisions, *told],
    )


def _told(run: KubeObject, now: datetime) -> Told:
    evidence = run["spec"]["trigger"]["evidence"]
    return Told(
        time=now,
        action="Retrain",
        version=evidence.get("version"),
        run=run["metadata"]["name"],
        message=f"{evidence['reason']}: {evidence['message']}"[:300],
    )


def _adopted(run: Run, now: datetime) -> Told:
    """The same telling, from the run as it is found."""
    evidence = run.spec.trigger.evidence or Evidence()
    told = f"{evidence.reason}: {evidence.message}"[:300]
    return Told(time=now, action="Retrain", version=evidence.version, run=run.head.name, message=told)


def _declined(seen: Seen, ours: list[Run], now: datetime) -> Sequence[Told]:
    """Tell that a person deleted the run that waited for approval: no object has the time the cooldown counts from."""
    said = conditions.find(seen.status.conditions, C.RETRAIN_ALLOWED)
    asked = next((told for told in reversed(seen.status.decisions) if told.action == "Retrain"), None)
    if said is None or said.reason != R.AWAITING_APPROVAL or asked is None:
        return ()
    if any(run.head.name == asked.run and run.head.deleted is None for run in ours):
        return ()
    text = "declined: the TrainingRun was deleted before it was let go"
    return (Told(time=now, action="Retrain", version=asked.version, run=asked.run, message=text),)
