"""What the operator may do, counted out: the one source of the sandbox's roles and of the chart's.

A rule is here because an adapter makes the call, and an adapter makes no call whose rule is not here. What an engine
needs beyond the core stands under the engine's name, and is granted only where that engine is chosen. No wildcard, and
nothing that lists secrets.
"""

from collections.abc import Mapping
from typing import Any

from trimtab.api.common import GROUP

Rule = dict[str, list[str]]


def rule(group: str, resources: list[str], *verbs: str) -> Rule:
    """A rule in the form that Role and ClusterRole have it."""
    return {"apiGroups": [group], "resources": resources, "verbs": list(verbs)}


_OWNERS = ["inferenceservices", "trainingruns"]
_KINDS = [*_OWNERS, "modelversions"]

CORE: tuple[Rule, ...] = (  # in every namespace that is watched
    rule(GROUP, _KINDS, "list", "watch"),
    rule(GROUP, [f"{kind}/status" for kind in _KINDS], "patch"),
    rule(GROUP, _OWNERS, "patch"),  # our finalizer
    rule(GROUP, [f"{kind}/finalizers" for kind in _OWNERS], "update"),  # to own a child that blocks deletion
    rule(GROUP, ["modelversions", "trainingruns"], "create"),  # after a training, and because of drift
    rule(GROUP, ["trainingruns"], "delete"),  # when their time is over
    rule("events.k8s.io", ["events"], "create"),
)

LEADER: tuple[Rule, ...] = (  # in the operator's own namespace
    rule("coordination.k8s.io", ["leases"], "get", "create", "update"),
)

PIPELINES: Mapping[str, tuple[Rule, ...]] = {
    "job": (  # adapters/pipelines/job
        rule("batch", ["jobs"], "get", "create", "delete"),
        rule("", ["pods"], "list"),  # why a pod does not start, and how it ended
        rule("", ["events"], "list"),  # why a pod is not made
    ),
    "kfp": (),  # the pipeline server makes the pods
}

SERVING: Mapping[str, tuple[Rule, ...]] = {
    "kuberay": (  # adapters/serving/kuberay
        rule("ray.io", ["rayservices"], "get", "create", "patch", "delete"),
        rule("ray.io", ["rayclusters"], "get"),  # whether its pods were refused
        rule("", ["secrets"], "create"),  # the token of a service's Ray clusters; none is ever read
        rule("", ["pods"], "list"),  # why a pod does not start
    ),
    "ray": (),  # a Ray cluster that is there already is told over HTTP
}

ROUTES: tuple[Rule, ...] = (  # adapters/serving/kuberay/routes, where the installation makes any
    rule("gateway.networking.k8s.io", ["httproutes"], "get", "create", "patch", "delete"),
)


def table() -> dict[str, Any]:
    """All rules, as the chart reads them."""
    return {
        "core": list(CORE),
        "leader": list(LEADER),
        "pipelines": {engine: list(rules) for engine, rules in PIPELINES.items()},
        "serving": {engine: list(rules) for engine, rules in SERVING.items()},
        "routes": list(ROUTES),
    }
