"""The world outside the cluster, in the test's own process: pipelines, serving plane and registry on one server.

Each namespace is a world of its own that plays the same story by itself: a pipeline is done at the third look, 1.0.0
drifts, and a candidate passes its gates. What was asked is kept, so a test can count.
"""

import asyncio
import hashlib
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.support.objects import report
from trimtab.api.inferenceservice import DriftState, Finding, GateState
from trimtab.api.modelversion import Artifact
from trimtab.contract.run import RunState
from trimtab.contract.serving import ComparisonReport, MonitorReport, Served, ServingPlan, VersionHealth

_STEPS = (RunState(phase="Running", step="snapshot"), RunState(phase="Running", step="train"))


@dataclass
class Outside:
    """What one namespace has done outside."""

    artifact: Artifact
    runs: dict[str, int] = field(default_factory=dict)  # pipeline run → looks at it
    starts: Counter[str] = field(default_factory=Counter)  # starts that made a new run
    versions: list[str] = field(default_factory=list)  # registered, by the run that made them
    plans: dict[str, ServingPlan] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def pipelines_find(self, name: str) -> dict[str, Any] | None:
        if name not in self.runs:
            return None
        self.runs[name] += 1
        if self.runs[name] <= len(_STEPS):
            return _STEPS[self.runs[name] - 1].wire()
        if name not in self.versions:
            self.versions.append(name)
        done = report(mlflow_version=self.versions.index(name) + 1, artifact=self.artifact)
        return RunState(phase="Succeeded", step="register", report=done).wire()

    def pipelines_start(self, name: str, request: dict[str, Any]) -> None:  # noqa: ARG002 - the port's form
        if name not in self.runs:
            self.runs[name] = 0
            self.starts[name] += 1

    def pipelines_cancel(self, name: str) -> None:
        self.runs.pop(name, None)

    def serving_find(self, name: str) -> dict[str, Any] | None:
        plan = self.plans.get(name)
        return Served(plan=plan, phase="Running", url=f"http://serve/{name}").wire() if plan else None

    def serving_apply(self, plan: dict[str, Any]) -> None:
        told = ServingPlan.model_validate(plan)
        self.plans[told.name] = told

    def serving_remove(self, name: str) -> None:
        self.plans.pop(name, None)

    def serving_report(self, name: str) -> dict[str, Any] | None:
        plan = self.plans.get(name)
        return _monitored(plan).wire() if plan else None

    def registry_label(self, mlflow_version: int, tags: dict[str, str]) -> None:
        self.tags.setdefault(str(mlflow_version), {}).update(tags)

    def registry_alias(self, alias: str, mlflow_version: int) -> None:
        self.aliases[alias] = mlflow_version

    def registry_unalias(self, alias: str, mlflow_version: int) -> None:
        if self.aliases.get(alias) == mlflow_version:
            del self.aliases[alias]


def _monitored(plan: ServingPlan) -> MonitorReport:
    drifts = plan.champion.version == "1.0.0"
    finding = Finding(quantity="loss", reference=0.5, live=0.6, effect=0.1)
    return MonitorReport(
        champion=VersionHealth(version=plan.champion.version),
        candidate=VersionHealth(version=plan.candidate.version if plan.candidate else None),
        drift_version=plan.champion.version,
        drift=DriftState(
            verdict="ConceptDrift" if drifts else "Stable", windows=9, findings=[finding] if drifts else []
        ),
        consecutive_windows=2 if drifts else 0,
        comparison=_compared(plan),
    )


def _compared(plan: ServingPlan) -> ComparisonReport | None:
    if plan.candidate is None:
        return None
    gates = [GateState(metric="loss", verdict="Pass", estimate=0.01, low=0.001, high=0.02)]
    return ComparisonReport(version=plan.candidate.version, requests=500, labelled=400, gates=gates)


class OutsideServer:
    """Answers `POST /<namespace>/<port>/<method>` with the method's result."""

    def __init__(self, folder: Path) -> None:
        model = folder / "model.onnx"
        model.write_bytes(b"a model")
        artifact = Artifact(uri=model.as_uri(), digest=f"sha256:{hashlib.sha256(b'a model').hexdigest()}")
        self.worlds: dict[str, Outside] = defaultdict(lambda: Outside(artifact))
        self.down: set[str] = set()  # ports that answer 503
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        place, port, method = (request.match_info[part] for part in ("namespace", "port", "method"))
        if port in self.down:
            return web.Response(status=503, text="down")
        world = self.worlds[place]
        world.calls[f"{port}.{method}"] += 1
        return web.json_response(getattr(world, f"{port}_{method}")(**await request.json()))


@contextmanager
def running(folder: Path) -> Iterator[OutsideServer]:
    """The server, in a thread of its own, on a free port of this machine; its model file lies in the folder."""
    server = OutsideServer(folder)
    loop = asyncio.new_event_loop()
    up, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_post("/{namespace}/{port}/{method}", server.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        up.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    up.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
