"""The TrainingRun that drift asks for: the training of the champion once more, on the newest data."""

from typing import Any

from trimtab.api.common import API_VERSION
from trimtab.api.data import Data, TimeWindow
from trimtab.api.inferenceservice import DriftState, InferenceServiceSpec
from trimtab.api.trainingrun import Evidence, TrainingRunSpec, Trigger
from trimtab.keys import KubeObject
from trimtab.reconcile import naming, reading
from trimtab.reconcile.inferenceservice.choose import Standing
from trimtab.reconcile.inferenceservice.seen import KIND, Seen


def recipe(seen: Seen, standing: Standing) -> TrainingRunSpec | None:
    """The training spec the champion was made by, if it can be repeated."""
    name = standing.champion.model_version if standing.champion else None
    version = next((v for v in seen.versions if v.head.name == name), None)
    known = version.spec.lineage.training_spec if version else None
    return reading.spec_of(TrainingRunSpec, {"spec": known})[0] if known else None


def run(seen: Seen, spec: InferenceServiceSpec, standing: Standing, drift: DriftState) -> KubeObject:
    """The object to create, named after the next episode."""
    episode = seen.next_episode
    known = recipe(seen, standing)
    assert known is not None and spec.retraining is not None  # noqa: S101, PT018 - the governor refused otherwise
    changes: dict[str, Any] = {
        "bump": "Auto",  # what a person asked for was asked for once
        "data": _newest(known.data),
        "trigger": Trigger(kind="Drift", evidence=_evidence(seen, standing, drift)),
        "suspend": spec.retraining.approval == "Manual",
        "ttl_seconds_after_finished": None,  # the governor counts these runs
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
        "spec": known.model_copy(update=changes).wire(),
    }


def _newest(data: Data) -> Data:
    """The same data up to now: a revision, or an end of the window, would give the same rows again."""
    window = data.window
    if window is not None and window.until is not None:
        window = TimeWindow(from_=window.from_) if window.from_ is not None else None
    return data.model_copy(update={"revision": "latest", "window": window})


def _evidence(seen: Seen, standing: Standing, drift: DriftState) -> Evidence:
    return Evidence(
        service=seen.head.name,
        episode=seen.next_episode,
        version=standing.champion.version if standing.champion else None,
        reason=drift.verdict,
        message=_moved(drift)[:300],
    )


def _moved(drift: DriftState) -> str:
    """What moved, and how far: the strongest first."""
    told = "; ".join(f"{f.quantity} {f.live:.4g} instead of {f.reference:.4g}" for f in drift.findings[:3])
    return f"{told}, since window {drift.since}" if drift.since else told
