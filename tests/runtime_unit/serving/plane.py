"""The serving plane without Ray: the same three classes, joined by handles that call instead of sending."""

import asyncio
import json
from pathlib import Path

from tests.support.models import draw, request_for
from trimtab.contract.serving import MonitorReport, ServingPlan
from trimtab.serving.detector.examiner import Detector
from trimtab.serving.host import Host
from trimtab.serving.memory.progress import AT_ONCE
from trimtab.serving.monitor import Monitor
from trimtab.serving.oip.asgi import Endpoint
from trimtab.serving.shadow import Shadow


class Handle:
    """Looks like a Ray Serve handle of whatever `owner` holds under a name, now."""

    def __init__(self, owner, name):
        self._owner, self._name = owner, name

    def __getattr__(self, method):
        async def call(*arguments):
            return await getattr(getattr(self._owner, self._name), method)(*arguments)

        return type("Method", (), {"remote": staticmethod(call)})


def monitor(file: Path, copy: str = "", detector: Detector | None = None) -> Monitor:
    """A monitor that ends a window with the first request of a later one, so that a test needs no more."""
    return Monitor(str(file), copy, detector, lambda _: AT_ONCE)


class Plane:
    def __init__(self, file: Path, copy: str = "", detector: Detector | None = None) -> None:
        self.file, self.plan = file, None
        self.monitor, self.shadow = monitor(file, copy, detector), Shadow()
        self.host = Host(Handle(self, "shadow"), Handle(self, "monitor"), gather=0.0)
        self.endpoint = Endpoint(self.host)

    async def apply(self, plan: ServingPlan) -> None:
        self.plan = plan
        for part in (self.monitor, self.shadow, self.host):
            await part.reconfigure(plan.wire())

    async def restart_monitor(self) -> None:
        """The monitor is gone without a word, and another one starts on its file."""
        self.monitor = monitor(self.file)
        await self.monitor.reconfigure(self.plan.wire())

    async def call(self, method: str, path: str, body: object = None, headers=(), root: str = ""):
        """Ask the endpoint as a server would; returns status, headers and body."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await call(self.endpoint, method, path, content, headers, root)

    async def infer(self, columns, **fields):
        status, _, body = await self.call("POST", "/v2/models/flights/infer", request_for(columns, **fields))
        return status, json.loads(body)

    async def label(self, request: str, labels):
        return (await self.feedback({request: labels}))[0]

    async def feedback(self, labels):
        """Send labels by request; returns the status, and what became of them."""
        entries = [{"id": request, "labels": [int(label) for label in each]} for request, each in labels.items()]
        status, _, body = await self.call("POST", "/v2/models/flights/feedback", {"feedback": entries})
        return status, json.loads(body)

    async def live(self, days, *, rows: int = 100, shift: float = 0.0, labelled: bool = True) -> None:
        """Let days pass: one request a day, its labels once it was told."""
        for day in days:
            columns, truth = draw(rows, seed=day, shift=shift)
            await self.infer(columns, id=f"day-{day}", parameters={"day": day})
            await self.settle()
            if labelled:
                await self.label(f"day-{day}", truth)

    async def settle(self) -> None:
        """Wait until all that was seen is told."""
        await self.host.settled()

    async def report(self) -> MonitorReport:
        _, _, body = await self.call("GET", "/monitor")
        return MonitorReport.model_validate_json(body)

    async def close(self) -> None:
        await self.host.close()


async def call(app, method, path, content=b"", headers=(), root=""):
    sent = []
    scope = {"type": "http", "method": method, "path": root + path, "root_path": root, "headers": list(headers)}
    half = len(content) // 2
    parts = [(content[:half], True), (content[half:], False)]

    async def receive():
        await asyncio.sleep(0)
        part, more = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": more}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    start, body = sent
    return start["status"], dict(start["headers"]), body["body"]
