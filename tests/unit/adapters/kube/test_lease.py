"""The lease of one that leads: kept while there is time, and given up before another may take it."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from kubernetes.aio.client import ApiClient, Configuration

from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.kube.lease import Lease, LeaseLostError

PLACE = "/apis/coordination.k8s.io/v1/namespaces/home/leases"


class Server:
    """An API server with one Lease, which answers when the test lets it."""

    def __init__(self):
        self.lease, self.status, self.open = None, 200, asyncio.Event()
        self.open.set()
        self.writes = 0

    async def answer(self, request):
        await self.open.wait()
        if self.status != 200:
            return web.json_response({}, status=self.status)
        if request.method == "GET":
            return web.json_response(self.lease or {}, status=200 if self.lease else 404)
        self.lease = await request.json()
        self.writes += 1
        return web.json_response(self.lease)


@pytest.fixture
def server():
    return Server()


@pytest.fixture
async def make(server):
    app = web.Application()
    app.router.add_route("*", PLACE + "{name:.*}", server.answer)
    running = TestServer(app)
    await running.start_server()
    api = KubeApi(ApiClient(Configuration(host=str(running.make_url("")).rstrip("/"))))
    yield lambda seconds: Lease(api, "home", "leader", "me", seconds)
    server.open.set()
    await api.close()
    await running.close()


async def test_it_is_renewed_again_and_again(server, make):
    lease = make(0.3)
    await lease.acquire()
    keeping = asyncio.create_task(lease.keep())
    async with asyncio.timeout(10):
        while server.writes < 4:
            await asyncio.sleep(0.01)
    assert not keeping.done()
    keeping.cancel()


async def test_an_attempt_that_is_not_answered_ends_with_the_time_that_is_left(server, make):
    lease = make(0.6)
    await lease.acquire()
    server.open.clear()
    with pytest.raises(LeaseLostError, match="was not renewed"):
        await asyncio.wait_for(lease.keep(), 10)


async def test_time_counts_from_before_the_lease_was_asked_for(server, make):
    lease = make(0.6)
    server.open.clear()
    taking = asyncio.create_task(lease.acquire())
    await asyncio.sleep(0.5)
    server.open.set()
    await taking
    server.open.clear()
    with pytest.raises(LeaseLostError):
        await asyncio.wait_for(lease.keep(), 10)


@pytest.mark.parametrize("status", [401, 403, 500])
async def test_a_refusal_that_passes_is_tried_again(server, make, status):
    lease = make(3.0)
    await lease.acquire()
    server.status = status
    keeping = asyncio.create_task(lease.keep())
    await asyncio.sleep(1.3)
    server.status = 200
    async with asyncio.timeout(10):
        while server.writes < 2:
            await asyncio.sleep(0.01)
    keeping.cancel()


async def test_a_lease_that_another_holds_is_lost_at_once(server, make):
    lease = make(0.3)
    await lease.acquire()
    server.lease["spec"] |= {"holderIdentity": "another"}
    with pytest.raises(LeaseLostError, match="another operator"):
        await asyncio.wait_for(lease.keep(), 10)
