"""The RayService of a plan; pure, and the same bytes for the same plan.

A new version changes `serveConfigV2` only, which KubeRay hands to the running replicas. What stands in
`rayClusterConfig` depends on nothing but the service's own resources and the installation's settings; a change there
is answered with a whole new cluster.
"""

import hashlib
import json
import re
from typing import Any

from pydantic import ValidationError

from trimtab.adapters.serving import ray_config as config
from trimtab.adapters.serving.kuberay import pods
from trimtab.adapters.serving.kuberay.features import Features
from trimtab.adapters.serving.kuberay.pods import SERVE_PORT, STATE, PodSettings
from trimtab.api.common import GROUP
from trimtab.api.ownership import owner_reference
from trimtab.api.versions import RAY
from trimtab.contract.serving import ServingPlan

Json = dict[str, Any]

RAY_API = "ray.io/v1"
LONGEST = 47
"""KubeRay's limit on the name of a RayService, which must be a DNS-1035 label."""
_LABEL = re.compile(r"^[a-z]([-a-z0-9]*[a-z0-9])?$")
_DIGEST = 8
_DELETION_DELAY = 30
"""Seconds an old cluster lives on after the traffic has left it, for requests under way and connections that are kept.

KubeRay would keep it for 60; but it holds a second set of the service's processors and GPUs meanwhile.
"""
_STATE_FILE = f"{STATE}/monitor.sqlite"


def name_of(service: str) -> str:
    """Name the RayService of a service: by the same name where KubeRay takes it."""
    if _LABEL.match(service) and len(service) <= LONGEST:
        return service
    digest = hashlib.sha256(service.encode()).hexdigest()[:_DIGEST]
    return f"s-{service[: LONGEST - _DIGEST - 3].strip('-.')}-{digest}"


def token_name(service: str, uid: str) -> str:
    """Name the Secret with the token of a service's Ray clusters.

    A service made again at once needs one of its own: that of the one before it may be there yet, and is going.
    """
    return f"{name_of(service)}-ray-token-{uid[:_DIGEST]}"


def serve_service(service: str) -> str:
    """Name the Service that KubeRay moves from cluster to cluster."""
    return f"{name_of(service)}-serve-svc"


def url(namespace: str, service: str) -> str:
    """Where a service answers: KubeRay's own Service, and our route."""
    return f"http://{serve_service(service)}.{namespace}.svc:{SERVE_PORT}{config.route(namespace, service)}"


def ray_service(plan: ServingPlan, uid: str, settings: PodSettings, features: Features) -> Json:
    """Render the RayService; `uid` is the InferenceService's, which owns it."""
    labels = {**_labels(plan), "app.kubernetes.io/component": "serving"}
    token = {"secretName": token_name(plan.name, uid)} if features.named_token else {}
    return {
        "apiVersion": RAY_API,
        "kind": "RayService",
        "metadata": metadata(plan, name_of(plan.name), uid),
        "spec": {
            "upgradeStrategy": {"type": "NewCluster"},
            "rayClusterDeletionDelaySeconds": _DELETION_DELAY,
            "serveConfigV2": _serve_config(plan, settings),
            "rayClusterConfig": {
                "rayVersion": RAY,
                "authOptions": {"mode": "token"} | token,
                "headGroupSpec": pods.head(labels, settings),
                "workerGroupSpecs": [pods.workers(labels, settings, plan.replicas.max, plan.resources)],
            },
        },
    }


def token_secret(plan: ServingPlan, uid: str, token: str) -> Json:
    """Render the Secret with the token: one for all clusters of a service, as each roll would else bring another."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata(plan, token_name(plan.name, uid), uid),
        "immutable": True,
        "stringData": {"auth_token": token},
    }


def plan_in(service: Json) -> ServingPlan | None:
    """Read the plan back from a RayService; None where there is none of this release."""
    try:
        told = json.loads(service["spec"]["serveConfigV2"])
        hosts = [d for d in told["applications"][0]["deployments"] if d["name"] == "Host"]
        return ServingPlan.model_validate(hosts[0]["user_config"])
    except (KeyError, IndexError, TypeError, ValueError, ValidationError):
        return None


def holds(there: Any, wanted: Any) -> bool:
    """Whether everything that is wanted is there; what others added (KubeRay writes its defaults) does not matter."""
    if isinstance(wanted, dict):
        return isinstance(there, dict) and all(holds(there.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(there, list) and len(there) == len(wanted) and all(map(holds, there, wanted))
    return bool(there == wanted)


def metadata(plan: ServingPlan, name: str, uid: str) -> Json:
    """Name a child of the InferenceService with this uid, label it, and say whose it is."""
    owner = owner_reference("InferenceService", plan.name, uid)
    return {"namespace": plan.namespace, "name": name, "labels": _labels(plan), "ownerReferences": [owner]}


def _labels(plan: ServingPlan) -> Json:
    return {"app.kubernetes.io/managed-by": "trimtab", f"{GROUP}/service": plan.name}


def _serve_config(plan: ServingPlan, settings: PodSettings) -> str:
    """Serve's configuration as JSON, which is YAML too, but has one form only."""
    app = config.app_name(plan.namespace, plan.name)
    copy = f"{settings.store.rstrip('/')}/monitors/{app}.sqlite" if settings.store else ""
    told = config.whole({}, config.render(plan, _STATE_FILE, copy), "0.0.0.0", SERVE_PORT)  # noqa: S104  # inside a pod
    return json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False)
