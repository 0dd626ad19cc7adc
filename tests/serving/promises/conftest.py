import asyncio
import shutil
import tempfile
import time
from pathlib import Path

import aiohttp
import pytest

from tests.support.models import make_version, request_for
from tests.support.ray_head import start_head
from trimtab.adapters.serving_ray import RayServing
from trimtab.contract.serving import MonitorReport, ServingPlan

PATIENCE = 60


class Service:
    """The service `default/flights` on a real Ray, as its operator and its clients see it."""

    def __init__(self, head, serving: RayServing, client: aiohttp.ClientSession) -> None:
        self.head, self.serving, self.client = head, serving, client
        self.url = f"{head.serve_url}/default/flights"

    async def serve(self, plan: ServingPlan) -> MonitorReport:
        """Put a plan in place, and wait until its champion answers and its candidate is loaded or known to be bad."""
        await self.serving.apply(plan)

        def placed(report: MonitorReport) -> bool:
            candidate = plan.candidate
            settled = candidate is None or report.candidate.error or report.candidate.version == candidate.version
            return bool(report.champion.version == plan.champion.version and settled)

        return await self.report_when(placed)

    async def report_when(self, accept) -> MonitorReport:
        report, end = None, time.monotonic() + PATIENCE
        while time.monotonic() < end:
            report = await self.serving.report("default", "flights")
            if report is not None and accept(report):
                return report
            await asyncio.sleep(0.2)
        found = await self.serving.find("default", "flights")
        raise AssertionError(f"after {PATIENCE} s the monitor still says {report}; Serve: {found}")

    async def infer(self, columns, **fields):
        """Ask in JSON; returns status and answer."""
        return await self.post("infer", request_for(columns, **fields))

    async def post(self, verb: str, body):
        async with self.client.post(f"{self.url}/v2/models/flights/{verb}", json=body) as response:
            return response.status, await response.json()

    async def monitor_pid(self) -> int:
        """The process of the monitor that runs now, by Serve's own account."""
        headers = {"Authorization": f"Bearer {self.head.token}"}
        async with self.client.get(f"{self.head.dashboard_url}/api/serve/applications/", headers=headers) as response:
            app = (await response.json())["applications"]["default_flights"]
        return app["deployments"]["Monitor"]["replicas"][0]["pid"]


@pytest.fixture(scope="session")
def head():
    """A Ray head for all tests of this folder, ended with them; its folder is short, as Ray puts sockets there."""
    folder = Path(tempfile.mkdtemp(prefix="ray-"))
    head = start_head(folder)
    yield head
    head.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def versions(tmp_path_factory):
    """Two versions of one model."""
    folder = tmp_path_factory.mktemp("versions")
    return {version: make_version(folder, version) for version in ("1.0.0", "1.1.0")}


@pytest.fixture(scope="session")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("state")


@pytest.fixture
async def service(head, state):
    serving = RayServing(head.dashboard_url, head.serve_url, head.serve, head.token, state)
    async with aiohttp.ClientSession() as client:
        yield Service(head, serving, client)
    await serving.close()
