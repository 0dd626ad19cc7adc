"""What drift leads to: the governor is asked, and when it agrees a TrainingRun is made from the champion's own spec."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trimtab.api.common import API_VERSION
from trimtab.api.inferenceservice import Decision as Told
from trimtab.api.inferenceservice import DriftState, InferenceServiceSpec
from trimtab.api.trainingrun import Evidence, TrainingRunSpec, Trigger
from trimtab.keys import KubeObject
from trimtab.reconcile import governor, naming, reading
from trimtab.reconcile.governor import Ruling, Situation
from trimtab.reconcile.inferenceservice.choose import Standing
from trimtab.reconcile.inferenceservice.seen import KIND, Seen
from trimtab.reconcile.reading import Run


@dataclass(frozen=True)
class Episodes:
    """How many drift episodes there were, what is to be told of the newest, and the run to create now."""

    last: int
    ruling: Ruling
    told: tuple[Told, ...] = ()
    run: KubeObject | None = None


def respond(seen: Seen, spec: InferenceServiceSpec, standing: Standing, now: datetime) -> Episodes:
    """The response to what the monitor says.

    An episode is known by its TrainingRun, whose name is a function of service and episode. So a pass that died between
    making the run and writing so finds it again, and never makes a second one.
    """
    ours = _ours(seen)
    last = max([seen.status.episode, *(_episode(seen, run) for run in ours)])
    told = tuple(_adopted(run, now) for run in ours if _episode(seen, run) > seen.status.episode)
    ruling = governor.rule(spec.retraining, _situation(seen, standing, ours, now), now)
    drift = drifting(seen, spec)
    if not ruling.allowed or drift is None:
        return Episodes(last, ruling, told)
    run = _run(seen, spec, standing, drift, seen.next_episode)
    return Episodes(seen.next_episode, ruling, (*told, _told(run, now)), run)


def drifting(seen: Seen, spec: InferenceServiceSpec) -> DriftState | None:
    """The gravest alarm about the champion that the spec retrains on, held for as many windows as it asks for."""
    report, champion, asked = seen.report, seen.status.champion, spec.retraining
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


def _situation(seen: Seen, standing: Standing, ours: list[Run], now: datetime) -> Situation:
    champion = standing.champion
    return Situation(
        champion_since=champion.since if champion else now,
        repeatable=_recipe(seen, standing) is not None,
        candidate=standing.shadow is not None,
        runs=seen.runs,
        drift_runs=ours,
        versions=frozenset(v.head.name for v in seen.versions if v.status.conditions),
        told=seen.status.decisions,
    )


def _recipe(seen: Seen, standing: Standing) -> TrainingRunSpec | None:
    """The training spec the champion was made by, if it can be repeated."""
    name = standing.champion.model_version if standing.champion else None
    version = next((v for v in seen.versions if v.head.name == name), None)
    known = version.spec.lineage.training_spec if version else None
    return reading.spec_of(TrainingRunSpec, {"spec": known})[0] if known else None


def _run(seen: Seen, spec: InferenceServiceSpec, standing: Standing, drift: DriftState, episode: int) -> KubeObject:
    recipe = _recipe(seen, standing)
    assert recipe is not None and spec.retraining is not None  # noqa: S101, PT018 - the governor refused otherwise
    changes: dict[str, Any] = {
        "data": recipe.data.model_copy(update={"revision": "latest"}),
        "trigger": Trigger(kind="Drift", evidence=_evidence(seen, drift, episode)),
        "suspend": spec.retraining.approval == "Manual",
    }
    return {
        "apiVersion": API_VERSION,
        "kind": "TrainingRun",
        "metadata": {
            "namespace": seen.head.namespace,
            "name": naming.drift_run(seen.head.name, episode),
            "labels": {naming.MODEL: spec.model, naming.SERVICE: seen.head.name, naming.EPISODE: str(episode)},
            "ownerReferences": [naming.owner_reference(KIND, seen.head)],
        },
        "spec": recipe.model_copy(update=changes).wire(),
    }


def _evidence(seen: Seen, drift: DriftState, episode: int) -> Evidence:
    return Evidence(
        service=seen.head.name,
        episode=episode,
        version=seen.status.champion.version if seen.status.champion else None,
        reason=drift.verdict,
        message=moved(drift)[:300],
    )


def moved(drift: DriftState) -> str:
    """What moved, and how far: the strongest first."""
    told = "; ".join(f"{f.quantity} {f.live:.4g} instead of {f.reference:.4g}" for f in drift.findings[:3])
    return f"{told}, since window {drift.since}" if drift.since else told


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
