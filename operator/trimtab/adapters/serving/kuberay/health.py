"""What a RayService's status means; pure.

`Ready` on a RayService says that some endpoint exists: neither that this configuration runs nor that traffic flows. So
we read for ourselves, and all of it has to hold for `Running`:

    observedGeneration is the generation    KubeRay has seen what we wrote
    no pending cluster                      no second cluster is on its way
    our application is RUNNING              Serve has done what it was told
    Ready is not False                      some pod is there to answer; a head that died leaves RUNNING behind

While a pending cluster exists, the active one's applications are not told: empty is not broken. Which version answers
is not told at all; that is what the probe of the endpoint is for.
"""

from dataclasses import dataclass
from typing import Any, Literal

from trimtab.adapters.kube.pod_trouble import Obstacle, refused
from trimtab.adapters.serving.ray_config import brief

Json = dict[str, Any]
Phase = Literal["Deploying", "Rolling", "Running", "Failed"]

_GIVEN_UP = {"ValidationFailed", "InitializingTimeout"}
_FAILED = "DEPLOY_FAILED"


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
    return _in_place(active, app, answering=_ready(status).get("status") != "False")


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


def _ready(status: Json) -> Json:
    found: Json = next((c for c in status.get("conditions", []) if c["type"] == "Ready"), {})
    return found


def _given_up(status: Json) -> str:
    ready = _ready(status)
    return brief(ready.get("message", "")) or str(ready["reason"]) if ready.get("reason") in _GIVEN_UP else ""


def _coming(pending: Json, app: str, *, rolling: bool) -> Health:
    """Tell of a cluster that is coming up: the first one, or a second beside the one that serves."""
    cluster, told = pending["rayClusterName"], _application(pending, app)
    why = (brief(told.get("message", "")) or _FAILED) if told.get("status") == _FAILED else ""
    if not rolling:
        return Health("Failed" if why else "Deploying", why or "the Ray cluster is starting", cluster=cluster)
    if why:
        return Health("Rolling", f"the new Ray cluster fails, the old one serves: {why}", "DeployFailed", cluster)
    return Health("Rolling", "a new Ray cluster is starting beside the one that serves", cluster=cluster)


def _in_place(active: Json, app: str, *, answering: bool) -> Health:
    """Tell of the one cluster there is. Serve mends what is UNHEALTHY; what it has given up it leaves."""
    told = _application(active, app)
    cluster, state = active["rayClusterName"], told.get("status")
    if state == _FAILED:
        return Health("Failed", brief(told.get("message", "")), cluster=cluster)
    if state == "RUNNING" and answering:
        return Health("Running", cluster=cluster)
    if state == "RUNNING":
        return Health("Deploying", "no pod of the Ray cluster is ready to answer", cluster=cluster)
    return Health("Deploying", brief(told.get("message", "")) or "Serve is starting the application", cluster=cluster)


def _application(part: Json, app: str) -> Json:
    told: Json = part.get("applicationStatuses", {}).get(app, {})
    return told
