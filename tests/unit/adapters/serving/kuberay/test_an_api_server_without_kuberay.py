"""An API server that knows no RayServices, or does not answer; the one that knows them is in tests/cluster/kuberay."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from kubernetes.aio.client import ApiClient, Configuration

from tests.support.objects import service
from tests.support.plans import plan
from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.kube.cache import Cache
from trimtab.adapters.kube.cluster import KubeCluster
from trimtab.adapters.serving.kuberay.engine import KuberayServing
from trimtab.adapters.serving.kuberay.pods import PodSettings
from trimtab.errors import Retry, Wait


class Server:
    """Answers everything with one status, and notes what it was asked."""

    def __init__(self):
        self.status, self.asked = 404, []

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.method} {request.path}")
        return web.json_response({"kind": "Status"}, status=self.status)


@pytest.fixture
async def server():
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    running = TestServer(app)
    await running.start_server()
    server.url = str(running.make_url("")).rstrip("/")
    yield server
    await running.close()


@pytest.fixture
async def engine(server):
    api = KubeApi(ApiClient(Configuration(host=server.url)))
    cache = Cache(["InferenceService"])
    there = service()
    there["metadata"] |= {"uid": "uid-1", "resourceVersion": "1"}
    cache.put(there)
    yield KuberayServing(api, KubeCluster(api, cache), PodSettings(image="serving:1"))
    await api.close()


async def test_a_plan_waits_for_kuberay_and_no_secret_is_left_behind(engine, server):
    with pytest.raises(Wait, match="KubeRayNotInstalled"):
        await engine.apply(plan())
    assert {asked.split()[0] for asked in server.asked} == {"GET"}


async def test_nothing_is_found_and_nothing_holds_up_a_deletion(engine):
    assert await engine.find("ns", "svc") is None
    await engine.remove("ns", "svc")


async def test_a_service_that_is_gone_is_waited_for(engine):
    with pytest.raises(Wait, match="gone"):
        await engine.apply(plan(name="another"))


async def test_an_api_server_that_is_broken_is_tried_again(engine, server):
    server.status = 503
    for call in (engine.find("ns", "svc"), engine.apply(plan()), engine.remove("ns", "svc")):
        with pytest.raises(Retry):
            await call


async def test_an_endpoint_that_is_not_there_reports_nothing(engine):
    assert await engine.report("no-such-namespace", "svc") is None
    await engine.close()
