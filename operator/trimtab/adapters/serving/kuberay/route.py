"""The HTTPRoute of a service, and what its Gateway says of it; pure."""

from typing import Any

from trimtab.adapters.serving import ray_config as config
from trimtab.adapters.serving.kuberay import render
from trimtab.adapters.serving.kuberay.pods import SERVE_PORT
from trimtab.api.route import Gateway
from trimtab.contract.serving import RouteState, ServingPlan

Json = dict[str, Any]

API = "gateway.networking.k8s.io/v1"
_PROTOCOL = "/v2"
"""The one prefix that goes out: not the monitor's."""
_PREFIX, _EXACT = "PathPrefix", "Exact"
_REPLACE = {_PREFIX: "ReplacePrefixMatch", _EXACT: "ReplaceFullPath"}
"""How the Gateway API lets a path that was matched so be rewritten."""


def http_route(plan: ServingPlan, uid: str) -> Json:
    """Render the route to KubeRay's Service of a plan that asks for one; `uid` is the InferenceService's.

    Raises:
        ValueError: the plan asks for none.

    """
    if plan.route is None:
        raise ValueError(f"{plan.name} asks for no route")
    rules = [_rule(plan, kind, path) for kind, path in published(plan.model, feedback=plan.route.feedback)]
    spec = {"parentRefs": [plan.route.gateway.wire()], "hostnames": plan.route.hostnames, "rules": rules}
    return {
        "apiVersion": API,
        "kind": "HTTPRoute",
        "metadata": render.metadata(plan, plan.name, uid),
        "spec": spec,
    }


def published(model: str, *, feedback: bool) -> list[tuple[str, str]]:
    """List which paths go out, and how each is matched.

    Without feedback they are named one by one, as no path that begins as one of these can mean feedback, however a
    gateway reads `..` and `%2F`; to take one path out of all would rest on that.
    """
    if feedback:
        return [(_PREFIX, _PROTOCOL)]
    served = f"{_PROTOCOL}/models/{model}"
    below = [f"{_PROTOCOL}/health", *(f"{served}/{verb}" for verb in ("infer", "ready", "versions"))]
    return [(_EXACT, _PROTOCOL), (_EXACT, served), *((_PREFIX, path) for path in below)]


def _rule(plan: ServingPlan, kind: str, path: str) -> Json:
    """One path to the service: outside it begins with the protocol, inside with the service's own prefix."""
    inside = f"{config.route(plan.namespace, plan.name)}{path}"
    replace = _REPLACE[kind]
    rewrite = {"path": {"type": replace, replace[0].lower() + replace[1:]: inside}}
    return {
        "matches": [{"path": {"type": kind, "value": path}}],
        "filters": [{"type": "URLRewrite", "urlRewrite": rewrite}],
        "backendRefs": [{"name": render.serve_service(plan.name), "port": SERVE_PORT}],
    }


def state_of(route: Json, gateway: Gateway) -> RouteState:
    """Read what the Gateway says: it has taken the route up, it does not, or nothing yet."""
    parents = route.get("status", {}).get("parents", [])
    said = [c for p in parents if p["parentRef"]["name"] == gateway.name for c in p.get("conditions", [])]
    wrong = next((c for c in said if c["type"] in ("Accepted", "ResolvedRefs") and c["status"] == "False"), None)
    if wrong is not None:
        return RouteState(accepted=False, message=f"{wrong['reason']}: {wrong.get('message', '')}"[:200])
    taken = any(c["type"] == "Accepted" and c["status"] == "True" for c in said)
    return RouteState(accepted=True if taken else None)
