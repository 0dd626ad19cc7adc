"""What Ray Serve is told for a plan, and what it says it has; pure.

Only `user_config` changes with a plan's versions and settings, so Serve hands it to the running replicas and restarts
none. The plan can be read back from it.
"""

from typing import Any, Literal

from pydantic import ValidationError

from trimtab.api.inferenceservice import Replicas
from trimtab.contract.serving import Served, ServingPlan

Json = dict[str, Any]
Phase = Literal["Deploying", "Running", "Failed"]

_QUEUE = 8
"""Requests that wait for a replica, for each that it works on; more are answered 429 at once."""
_ONGOING = 4
"""Requests a replica takes on at once, for each that is aimed at."""
_COMMON = {"health_check_period_s": 3}
"""A replica that died is replaced within seconds."""
_LONGEST = 300
_PHASES: dict[str, Phase] = {"RUNNING": "Running", "DEPLOY_FAILED": "Failed", "UNHEALTHY": "Failed"}


def app_name(namespace: str, name: str) -> str:
    """Name the application; neither part can hold an underscore, so no two services share one."""
    return f"{namespace}_{name}"


def route(namespace: str, name: str) -> str:
    """Name the path under which a service answers."""
    return f"/{namespace}/{name}"


def render(plan: ServingPlan, state: str, copy: str = "") -> Json:
    """Render the application of a plan; `state` is the monitor's file, `copy` where a copy of it is kept."""
    ongoing = plan.replicas.target_ongoing_requests * _ONGOING
    host = {
        **_COMMON,
        **_scale(plan.replicas),
        "max_ongoing_requests": ongoing,
        "max_queued_requests": ongoing * _QUEUE,
        "backpressure_config": {"status_code": 429, "retry_after_s": 1},
        "max_surge_percent": 100,
        "ray_actor_options": {"num_cpus": 0.5},
    }
    beside = {**_COMMON, "num_replicas": 1, "max_ongoing_requests": 64, "ray_actor_options": {"num_cpus": 0.25}}
    options = {"Host": host, "Shadow": beside, "Monitor": beside}
    config = plan.wire()
    return {
        "name": app_name(plan.namespace, plan.name),
        "route_prefix": route(plan.namespace, plan.name),
        "import_path": "trimtab.serving.app:build",
        "args": {"state": state} | ({"copy_at": copy} if copy else {}),
        "logging_config": {"enable_access_log": False, "log_level": "WARNING"},
        "deployments": [{"name": name, "user_config": config, **option} for name, option in options.items()],
    }


def whole(status: Json, changed: Json, host: str, port: int) -> Json:
    """Put an application among those that Serve has now: what is told is always the whole cluster."""
    return {"http_options": {"host": host, "port": port}, "applications": [*_others(status, changed["name"]), changed]}


def without(status: Json, app: str, host: str, port: int) -> Json:
    """Leave an application out."""
    return {"http_options": {"host": host, "port": port}, "applications": _others(status, app)}


def has(status: Json, wanted: Json) -> bool:
    """Whether Serve was told this already, and has not given up on it."""
    app = find_app(status, wanted["name"])
    return app is not None and app["status"] != "DEPLOY_FAILED" and bool(app["deployed_app_config"] == wanted)


def find_app(status: Json, app: str) -> Json | None:
    """Return what Serve says of an application; None for one that is not there, or going."""
    found: Json | None = status.get("applications", {}).get(app)
    return found if found and found.get("deployed_app_config") and found["status"] != "DELETING" else None


def served(app: Json, url: str) -> Served:
    """Read what Serve has in place; without a plan where it was put there by someone else, or by another release."""
    configs = {deployment["name"]: deployment for deployment in app["deployed_app_config"].get("deployments", [])}
    try:
        plan = ServingPlan.model_validate(configs["Host"]["user_config"])
    except (KeyError, ValidationError):
        plan = None
    return Served(
        plan=plan, phase=_PHASES.get(app["status"], "Deploying"), message=brief(app.get("message", "")), url=url
    )


def brief(message: str) -> str:
    """Return the last line: Serve's messages are tracebacks, whose last line says what happened."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[-1][:_LONGEST] if lines else ""


def _scale(replicas: Replicas) -> Json:
    if replicas.min == replicas.max:
        return {"num_replicas": replicas.min}
    target = replicas.target_ongoing_requests
    bounds = {"min_replicas": replicas.min, "max_replicas": replicas.max}
    return {"autoscaling_config": {**bounds, "target_ongoing_requests": target}}


def _others(status: Json, app: str) -> list[Json]:
    names = [name for name in status.get("applications", {}) if name != app]
    return [found["deployed_app_config"] for name in names if (found := find_app(status, name))]
