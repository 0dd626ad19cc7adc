"""The probe of an endpoint whose address moves from one Ray cluster to the next."""

import aiohttp
import pytest
from aiohttp import web

from trimtab.adapters.serving.probe import ask
from trimtab.contract.serving import MonitorReport


@pytest.fixture
async def endpoint():
    """An endpoint, and the port at the client's end of each connection that it was asked on."""
    asked = []

    async def monitor(request):
        asked.append(request.transport.get_extra_info("peername")[1])
        return web.Response(text=MonitorReport().model_dump_json())

    app = web.Application()
    app.router.add_get("/monitor", monitor)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    await runner.cleanup()


async def test_each_look_is_a_new_connection_so_none_stays_with_a_cluster_that_was_left(endpoint):
    url, asked = endpoint
    async with aiohttp.ClientSession() as session:
        assert await ask(session, url) == MonitorReport()
        assert await ask(session, url) == MonitorReport()
    assert len(set(asked)) == len(asked) == 2


async def test_nobody_there_is_no_report():
    async with aiohttp.ClientSession() as session:
        assert await ask(session, "http://127.0.0.1:9") is None
