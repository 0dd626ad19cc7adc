"""The pods of a Ray cluster, as templates: they hold no rights, write to their own folders only, and leave in order.

Every byte counts: KubeRay answers any change of a template with a second cluster beside the first.
"""

from dataclasses import dataclass
from typing import Any

from trimtab.adapters.kube import restricted
from trimtab.api.resources import ServingResources, canonical_cpu, canonical_memory

Json = dict[str, Any]

SERVE_PORT = 8000
STATE = "/var/lib/trimtab"
_AGENT_PORT = 52365
_STORE = "80000000"
"""Bytes of Ray's object store: requests are passed by value, so the least that Ray accepts."""
_SHARES = "2"
"""Ray's processors are shares, not cores: champion, shadow and monitor take one of two, a successor the other."""
_HEAD = ServingResources(cpu="250m", memory="2Gi")
_LEAVE = 5
"""Seconds in which the cluster's proxies forget a pod that is going, before it closes its connections."""
_GRACE = 30


@dataclass(frozen=True)
class PodSettings:
    """What an installation says about serving pods."""

    image: str
    pull_policy: str = "IfNotPresent"
    pull_secret: str = ""
    storage_secret: str = ""
    """Secret in the service's namespace whose keys are the environment that reaches the object store (AWS_…)."""
    store: str = ""
    """Folder of an object store; monitors keep a copy of their memory there, for a pod's disk goes with the pod."""


def head(labels: Json, settings: PodSettings) -> Json:
    """The group of the head: it directs, and takes no replica."""
    probe = _probe("/api/healthz", _AGENT_PORT)
    template = _template(labels, settings, _HEAD, probe)
    return {"rayStartParams": _start("0"), "template": template}


def workers(labels: Json, settings: PodSettings, copies: int, resources: ServingResources) -> Json:
    """The group of the workers, a pod for each copy of the service."""
    template = _template(labels, settings, resources, _probe("/-/healthz", SERVE_PORT))
    size = {"replicas": copies, "minReplicas": copies, "maxReplicas": copies}
    return {"groupName": "serve", **size, "rayStartParams": _start(_SHARES), "template": template}


def _start(shares: str) -> Json:
    return {"num-cpus": shares, "object-store-memory": _STORE}


def _template(labels: Json, settings: PodSettings, resources: ServingResources, probe: Json) -> Json:
    spec = {
        **restricted.pod(),
        "terminationGracePeriodSeconds": _GRACE,
        "containers": [_container(settings, resources, probe)],
        "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "state", "emptyDir": {}}],
    }
    pull = {"imagePullSecrets": [{"name": settings.pull_secret}]} if settings.pull_secret else {}
    return {"metadata": {"labels": labels}, "spec": spec | pull}


def _container(settings: PodSettings, resources: ServingResources, probe: Json) -> Json:
    memory = canonical_memory(resources.memory)
    container = {
        "name": "ray",
        "image": settings.image,
        "imagePullPolicy": settings.pull_policy,
        "env": [
            {"name": "HOME", "value": "/tmp"},  # noqa: S108  # a volume of the pod's own; the root is read-only
            {"name": "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S", "value": "0"},  # or it waits for what preStop has ended
            {"name": "RAY_SERVE_RUN_USER_CODE_IN_SEPARATE_THREAD", "value": "0"},
            {"name": "RAY_USAGE_STATS_ENABLED", "value": "0"},
        ],
        **restricted.container(),
        "readinessProbe": probe,
        "lifecycle": {"preStop": {"exec": {"command": ["/bin/bash", "-c", f"sleep {_LEAVE}; ray stop"]}}},
        "resources": {
            "requests": {"cpu": canonical_cpu(resources.cpu), "memory": memory},
            "limits": {"memory": memory},  # none on processors: one would only lengthen the slowest answers
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "state", "mountPath": STATE}],  # noqa: S108  # the same
    }
    return container | restricted.environment_from(settings.storage_secret)


def _probe(path: str, port: int) -> Json:
    """Ask every second: KubeRay moves the traffic to a new cluster without waiting for its workers' readiness."""
    return {
        "httpGet": {"path": path, "port": port},
        "periodSeconds": 1,
        "timeoutSeconds": 2,
        "failureThreshold": 3,
    }
