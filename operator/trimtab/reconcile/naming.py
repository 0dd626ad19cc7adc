"""Names, labels and references of what the operator makes: functions of the owner, so no crash makes a duplicate."""

import re
from typing import Any

from trimtab.api import ownership
from trimtab.api.common import API_VERSION, GROUP
from trimtab.keys import RunKey
from trimtab.reconcile.reading import Head

FINALIZER = f"{GROUP}/cleanup"
MODEL = f"{GROUP}/model"
RUN_UID = f"{GROUP}/training-run-uid"
SERVICE = f"{GROUP}/service"
EPISODE = f"{GROUP}/episode"
_DRIFT_RUN = re.compile(r"^(?P<service>.+)-drift-(?P<episode>[0-9]+)$")


def pipeline_run(run: Head, attempt: int) -> RunKey:
    """The pipeline run of an attempt: a new TrainingRun of an old name is another run."""
    return RunKey(run.namespace, f"{run.name}-{run.uid[:8]}-{attempt}")


def model_version(model: str, version: str) -> str:
    """The name of a ModelVersion."""
    return f"{model}-{version}"


def drift_run(service: str, episode: int) -> str:
    """The name of the TrainingRun of a drift episode."""
    return f"{service}-drift-{episode}"


def episode_of(service: str, run: str) -> int:
    """The episode a TrainingRun's name speaks of; 0 when it is not a drift run of this service."""
    match = _DRIFT_RUN.match(run)
    return int(match["episode"]) if match and match["service"] == service else 0


def owner_reference(kind: str, owner: Head) -> dict[str, Any]:
    """The reference by which the garbage collector removes a child with its owner."""
    return ownership.owner_reference(kind, owner.name, owner.uid)


def identity(kind: str, head: Head) -> dict[str, Any]:
    """What every server-side apply to an existing object begins with: it meets the object that was decided on, or none.

    The uid keeps it from making a new one, the version from writing over what changed since.
    """
    about = {"namespace": head.namespace, "name": head.name, "uid": head.uid, "resourceVersion": head.version}
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": about}


def with_finalizer(kind: str, head: Head) -> dict[str, Any]:
    """The object with our finalizer on it, to apply."""
    held = identity(kind, head)
    held["metadata"]["finalizers"] = [FINALIZER]
    return held


def without_finalizer(kind: str, head: Head) -> dict[str, Any]:
    """The object with the finalizers of others only."""
    left = identity(kind, head)
    left["metadata"]["finalizers"] = [name for name in head.finalizers if name != FINALIZER]
    return left
