"""The serving engines, each with all it needs: a real Ray head behind both, a real API server with KubeRay's kinds."""

import asyncio
import json
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver
from kubernetes.aio.client import ApiClient, Configuration

from tests.support import kuberay, kuberay_controller
from tests.support.kuberay_controller import KubeRay
from tests.support.objects import service
from tests.support.ray_head import HOST, RayHead
from tests.support.servers import ROOT, RUNTIME_PYTHON, free_port
from tests.support.waiting import until_async
from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.kube.cache import Cache
from trimtab.adapters.kube.cluster import KubeCluster
from trimtab.adapters.serving.kuberay.engine import KuberayServing
from trimtab.adapters.serving.kuberay.pods import PodSettings
from trimtab.adapters.serving.ray import RayServing
from trimtab.api.inferenceservice import Monitoring, Promotion, Replicas, Shadow
from trimtab.contract.serving import ServingPlan, VersionRef
from trimtab.deploy import rights
from trimtab.ports import Serving

PATIENCE = 200.0  # seconds a deployment may take on a busy machine
NUMBERS = ("1.0.0", "1.1.0")


@pytest.fixture(scope="session")
def head() -> Iterator[RayHead]:
    folder = Path(tempfile.mkdtemp(prefix="tt-"))  # a short path: Ray keeps sockets there
    head = RayHead(folder, RUNTIME_PYTHON)
    try:
        head.start()
        yield head
    finally:
        head.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def versions(tmp_path_factory) -> dict[str, VersionRef]:
    command = [RUNTIME_PYTHON, "-m", "tests.support.models", str(tmp_path_factory.mktemp("models")), *NUMBERS]
    made = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {number: VersionRef.model_validate(version) for number, version in json.loads(made).items()}


@pytest.fixture(scope="session", autouse=True)
def kuberay_kinds(control_plane) -> None:
    kuberay.install_crds(control_plane)


@dataclass(frozen=True)
class Hands:
    """An engine's makers, and what others do to what it has put in place."""

    make: Callable[[], Serving]
    away: Callable[[], Serving]
    """An engine whose other side does not answer."""
    spoil: Callable[[str], None]
    """Change, behind the engine's back, how a service is deployed."""
    settle: Callable[[], Awaitable[None]]
    """Let the other side do all that it was asked for."""


@dataclass
class Bench:
    """An engine in its place, and what can be asked of it."""

    hands: Hands
    namespace: str
    head: RayHead
    versions: dict[str, VersionRef]

    def __post_init__(self) -> None:
        self.engine = self.hands.make()

    def plan(self, champion: str | VersionRef, candidate: str | VersionRef | None = None, name: str = "svc") -> Any:
        settings = {"replicas": Replicas(), "shadow": Shadow(), "promotion": Promotion(), "monitoring": Monitoring()}
        chosen = {"champion": self._version(champion), "candidate": candidate and self._version(candidate)}
        return ServingPlan(namespace=self.namespace, name=name, model="flights", **chosen, **settings)

    def _version(self, version: str | VersionRef) -> VersionRef:
        return self.versions[version] if isinstance(version, str) else version

    async def serves(self, plan: ServingPlan) -> None:
        """Put a plan in place, and wait until it runs and its champion answers."""
        await self.engine.apply(plan)
        await self.until(lambda: self.is_served(plan))

    async def is_served(self, plan: ServingPlan) -> bool:
        found = await self.engine.find(plan.namespace, plan.name)
        report = await self.engine.report(plan.namespace, plan.name)
        runs = found is not None and (found.plan, found.phase) == (plan, "Running")
        return runs and report is not None and report.champion.version == plan.champion.version

    async def until(self, holds: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await until_async(holds, patience=PATIENCE, pause=0.2)
        except AssertionError:
            found, report = await self.engine.find(self.namespace, "svc"), kuberay_controller.applications(self.head)
            pytest.fail(f"it did not come about in time: {found}; Serve says {report}")

    async def answers_as(self, name: str = "svc") -> str:
        """The version that answers a client now."""
        inputs = [
            {"name": "delay", "datatype": "FP32", "shape": [1, 1], "data": [0.5]},
            {"name": "carrier", "datatype": "BYTES", "shape": [1, 1], "data": ["AA"]},
        ]
        url = f"{self.head.serve_url}/{self.namespace}/{name}/v2/models/flights/infer"
        async with aiohttp.ClientSession() as session, session.post(url, json={"inputs": inputs}) as answer:
            assert answer.status == 200, await answer.text()
            return (await answer.json())["model_version"]

    def deployed_at(self) -> float:
        """When Serve last put the service in place."""
        return kuberay_controller.applications(self.head)[f"{self.namespace}_svc"]["last_deployed_time_s"]


@pytest.fixture(params=["ray", "kuberay"])
async def bench(request, head, versions, control_plane, namespace, tmp_path) -> AsyncIterator[Bench]:
    engines = {"ray": ray, "kuberay": on_kuberay}
    async with engines[request.param](request, head, control_plane, namespace, tmp_path) as hands:
        yield Bench(hands, namespace, head, versions)
    kuberay_controller.put(head, [])


@asynccontextmanager
async def ray(request, head, control_plane, namespace, folder):  # noqa: ARG001  # all engines are asked alike
    made: list[RayServing] = []

    def make(dashboard: str = head.dashboard_url, url: str = head.serve_url) -> RayServing:
        made.append(RayServing(dashboard, url, ("127.0.0.1", head.serve), head.token, folder))
        return made[-1]

    def spoil(name: str) -> None:
        told = kuberay_controller.applications(head)[f"{namespace}_{name}"]["deployed_app_config"]
        told["deployments"][0]["max_queued_requests"] = 1
        kuberay_controller.put(head, [told])

    nowhere = f"http://{HOST}:{free_port()}"
    yield Hands(make, lambda: make(nowhere, nowhere), spoil, lambda: asyncio.sleep(0))
    for engine in made:
        await engine.close()


@asynccontextmanager
async def on_kuberay(request, head, control_plane, namespace, folder):
    request.getfixturevalue("monkeypatch").setenv("KUBECONFIG", str(control_plane.operator_kubeconfig))
    control_plane.grant(namespace, "trimtab-kuberay", rights.SERVING["kuberay"])  # what the chart grants
    for name in ("svc", "other"):
        control_plane.apply(service(name, namespace=namespace))
    apis = [await KubeApi.connect(), KubeApi(ApiClient(Configuration(host=f"http://{HOST}:{free_port()}")))]
    cache = Cache(["InferenceService"])
    for obj in await KubeCluster(apis[0], cache).refresh("InferenceService", namespace):
        cache.put(obj)
    made: list[KuberayServing] = []

    def make(api: KubeApi = apis[0], port: int = head.serve) -> KuberayServing:
        def connect() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=ServicesAt(port)))

        made.append(KuberayServing(api, KubeCluster(api, cache), PodSettings(image="serving:1"), connect=connect))
        return made[-1]

    def spoil(name: str) -> None:
        patch = json.dumps({"spec": {"rayClusterConfig": {"rayVersion": "2.50.0"}}})
        control_plane.kubectl("patch", "rayservice", name, "-n", namespace, "--type=merge", "-p", patch)

    with KubeRay(control_plane.admin_kubeconfig, namespace, head, folder) as controller:
        yield Hands(make, lambda: make(apis[1], free_port()), spoil, lambda: _two_rounds(controller))
    for one in (*made, *apis):
        await one.close()


async def _two_rounds(controller: KubeRay) -> None:
    """Let the controller see everything once more, from the beginning to the end."""
    wanted = controller.rounds + 2
    while controller.rounds < wanted:
        await asyncio.sleep(0.1)


class ServicesAt(AbstractResolver):
    """The cluster's names: every Service is at this port of the machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(self, host, port=0, family=socket.AF_INET):  # noqa: ARG002  # aiohttp's form
        place = {"hostname": host, "host": HOST, "port": self._port}
        return [{**place, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        """Nothing is kept."""
