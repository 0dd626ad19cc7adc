"""What an API server says of the loop at one time or another."""

from typing import Any

from examples.flights.demo.world import World, read

Object = dict[str, Any]

TIME = "2026-01-01T00:00:00Z"
DIGEST = "sha256:" + "0" * 64


def condition(kind: str, status: str = "True", reason: str = "Reason", message: str = "") -> Object:
    return {"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": TIME}


def run(name: str, *conditions: Object, trigger: str = "Manual", **status: Any) -> Object:
    spec = {
        "model": "flight-delay",
        "data": {"uri": "file:///data", "target": "late"},
        "trainer": {"entrypoint": "flights.train:train"},
        "trigger": {"kind": trigger},
    }
    return _object(name, spec, {"conditions": list(conditions), **status})


def version(number: str, channel: str = "Champion", *, rejected: bool = False, run: str | None = None) -> Object:
    tensor = {"name": "x", "datatype": "FP32", "shape": [-1, 1]}
    spec = {
        "model": "flight-delay",
        "version": number,
        "artifact": {"uri": f"file:///artifacts/{number}.onnx", "digest": DIGEST},
        "signature": {"inputs": [tensor], "outputs": [tensor]},
        "lineage": {"trainingRun": run} if run else {},
        "rejected": rejected,
    }
    return _object(f"flight-delay-{number}", spec, {"channel": channel})


def service(*conditions: Object, shadow: str | None = None, **status: Any) -> Object:
    champion = {"version": "1.0.0", "modelVersion": "flight-delay-1.0.0", "since": TIME}
    status |= {"conditions": list(conditions) or [condition("Ready")], "champion": champion}
    if shadow:
        status["shadow"] = {"version": shadow, "modelVersion": f"flight-delay-{shadow}", "since": TIME}
    return _object("flight-delay", {"model": "flight-delay"}, status)


def world(*runs: Object, versions: list[Object] | None = None, served: Object | None = None) -> World:
    return read(
        {
            "trainingruns": list(runs),
            "modelversions": versions if versions is not None else [version("1.0.0")],
            "inferenceservices": [served or service()],
        }
    )


def ready() -> World:
    """Nothing is under way."""
    return world(run("flight-delay-first", condition("Ready")))


def training() -> World:
    """A retraining is under way."""
    return world(
        run("flight-delay-first", condition("Ready")),
        run("flight-delay-again", condition("Ready", "False"), condition("Reconciling"), trigger="Drift"),
    )


def _object(name: str, spec: dict[str, Any], status: dict[str, Any]) -> Object:
    return {"metadata": {"name": name, "creationTimestamp": TIME}, "spec": spec, "status": status}
