"""A service on a real Ray, driven through the adapter as the operator drives it."""

import asyncio
import json
import urllib.request
from pathlib import Path

from tests.support.models import draw, request_for
from tests.support.ray_head import RayHead
from tests.support.waiting import until
from trimtab.adapters.serving.ray import RayServing
from trimtab.contract.serving import MonitorReport, Served, ServingPlan, VersionHealth

PATIENCE = 90.0


class Service:
    def __init__(self, head: RayHead, loop: asyncio.AbstractEventLoop, state: Path) -> None:
        self.head, self._loop, self.state = head, loop, state
        self.engine = RayServing(head.dashboard_url, head.serve_url, ("127.0.0.1", head.serve), head.token, state)
        self.url = f"{head.serve_url}/default/flights"

    def wait(self, coroutine):
        """Run something of the adapter's to its end."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    def find(self) -> Served | None:
        return self.wait(self.engine.find("default", "flights"))

    def report(self) -> MonitorReport | None:
        return self.wait(self.engine.report("default", "flights"))

    def put(self, plan: ServingPlan) -> None:
        """Put a plan in place and wait until the endpoint itself says that its versions are loaded."""
        self.wait(self.engine.apply(plan))
        wanted = [VersionHealth(version=ref and ref.version) for ref in (plan.champion, plan.candidate)]
        self.until(lambda: (report := self.report()) and [report.champion, report.candidate] == wanted)

    def until(self, holds):
        """Wait until something holds, and return it."""
        return until(holds, self.describe, PATIENCE)

    def describe(self) -> str:
        """Say how it stands, for a test that waited in vain."""
        apps = self.wait(self.engine.status())["applications"]
        deployments = apps.get("default_flights", {}).get("deployments", {})
        stands = {name: (d["status"], d["message"]) for name, d in deployments.items()}
        return f"{self.report()}; {self.find()}; {stands}"

    def infer(self, seed: int = 0, rows: int = 50, **fields):
        columns, truth = draw(rows, seed=seed)
        return self.post("infer", request_for(columns, **fields)), truth

    def label(self, request: str, labels) -> None:
        self.post("feedback", {"feedback": [{"id": request, "labels": labels.tolist()}]})

    def live(self, days) -> None:
        """Let days pass, each with as many requests as end the day before, and with their labels."""
        for day in days:
            for part in range(4):
                name = f"day-{day}-{part}"
                _, truth = self.infer(seed=10 * day + part, rows=25, id=name, parameters={"day": day})
                self.label(name, truth)

    def post(self, verb: str, body) -> dict:
        """Raises urllib's HTTPError for any answer but 200."""
        request = urllib.request.Request(f"{self.url}/v2/models/flights/{verb}", json.dumps(body).encode())  # noqa: S310  # our own endpoint
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # the same
            return json.load(answer)

    def close(self) -> None:
        self.wait(self.engine.close())
