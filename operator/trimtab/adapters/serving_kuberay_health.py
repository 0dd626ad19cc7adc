"""What a RayService's status means; pure.

`Ready` on a RayService says that some endpoint exists: neither that this configuration runs nor that traffic flows. So
we read for ourselves, and all of it has to hold for `Running`:

    observedGeneration is the generation    KubeRay has seen what we wrote
    no pending cluster                      no second cluster is on its way
    our application is RUNNING              Serve has done what it was told

While a pending cluster exists, the active one's applications are not told: empty is not broken. Which version answers
is not told at all; that is what the probe of the endpoint is for.
"""

from dataclasses import dataclass
from typing import Any, Literal

from trimtab.adapters.pod_trouble import Obstacle, refused
from trimtab.adapters.serving_ray_config import brief

Json = dict[str, Any]
Phase = Literal["Deploying", "Rolling", "Running", "Failed"]

_GIVEN_UP = {"ValidationFailed", "InitializingTimeout"}
_BROKEN = {"DEPLOY_FAILED", "UNHEALTHY"}


@dataclass(frozen=True)
class Health:
    """How far a RayService is. `reason` where it is more than the phase says."""

    phase: Phase
    message: str = ""
    reason: str = ""
    cluster: str = ""
    """The RayCluster that is coming up, or the one that serves."""


def health(service: Json, app: str) -> Health:
    """Read how far a RayService is with an application."""
    status = service.get("status", {})
    refusal = _given_up(status)
    if refusal:
        return Health("Failed", f"KubeRay refuses the RayService: {refusal}")
    if status.get("observedGeneration") != service["metadata"].get("generation"):
        return Health("Deploying", "KubeRay has not taken up the RayService; if this stays, look at its operator")
    active, pending = status.get("activeServiceStatus", {}), status.get("pendingServiceStatus", {})
    if pending.get("rayClusterName"):
        return _coming(pending, app, rolling=bool(active.get("rayClusterName")))
    if not active.get("rayClusterName"):
        return Health("Deploying", "KubeRay is making the Ray cluster")
    return _in_place(active, app)


def with_obstacle(found: Health, obstacle: Obstacle | None) -> Health:
    """Say what keeps the pods from coming up, where something does."""
    if obstacle is None or found.reason:
        return found
    return Health(found.phase, obstacle.message, obstacle.reason, found.cluster)


def refusal_in(cluster: Json) -> Obstacle | None:
    """Read from a RayCluster whether its pods were refused: nothing of it shows on the RayService."""
    conditions = cluster.get("status", {}).get("conditions", [])
    failing = (c for c in conditions if c["type"] == "ReplicaFailure" and c["status"] == "True")
    return next((refused(c.get("message", "")) for c in failing), None)


def _given_up(status: Json) -> str:
    said = (c for c in status.get("conditions", []) if c["type"] == "Ready" and c["reason"] in _GIVEN_UP)
    return next((brief(c.get("message", "")) or str(c["reason"]) for c in said), "")


def _coming(pending: Json, app: str, *, rolling: bool) -> Health:
    """Tell of a cluster that is coming up: the first one, or a second beside the one that serves."""
    cluster, told = pending["rayClusterName"], _application(pending, app)
    failed = told.get("status") in _BROKEN
    if not rolling:
        text = brief(told.get("message", "")) if failed else "the Ray cluster is starting"
        return Health("Failed" if failed else "Deploying", text, cluster=cluster)
    if failed:
        text = f"the new Ray cluster fails, the old one serves: {brief(told.get('message', ''))}"
        return Health("Rolling", text, "DeployFailed", cluster)
    return Health("Rolling", "a new Ray cluster is starting beside the one that serves", cluster=cluster)


def _in_place(active: Json, app: str) -> Health:
    told = _application(active, app)
    cluster, state = active["rayClusterName"], told.get("status")
    if state in _BROKEN:
        return Health("Failed", brief(told.get("message", "")), cluster=cluster)
    if state == "RUNNING":
        return Health("Running", cluster=cluster)
    return Health("Deploying", "Serve is starting the application", cluster=cluster)


def _application(part: Json, app: str) -> Json:
    told: Json = part.get("applicationStatuses", {}).get(app, {})
    return told
