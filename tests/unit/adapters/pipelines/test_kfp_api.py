"""Calls to the KFP server: what they ask, and what each way of failing means."""

import json

import pytest
from aiohttp import web

from trimtab.adapters.pipelines.kfp.api import KfpApi
from trimtab.errors import Refuse, Retry


class Server:
    """A server that remembers what it was asked, and answers as told."""

    def __init__(self):
        self.asked, self.answer = [], (200, {})

    async def respond(self, request):
        self.asked.append((request.method, request.path, dict(request.query), request.headers.get("Authorization")))
        status, body = self.answer
        return web.json_response(body, status=status)


@pytest.fixture
def told():
    return Server()


@pytest.fixture
async def api(told):
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", told.respond)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield KfpApi(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/")  # noqa: SLF001  # aiohttp has no other way
    await runner.cleanup()


async def test_runs_are_looked_for_by_name_the_oldest_first(api, told):
    told.answer = (200, {"runs": [{"run_id": "1"}]})
    assert await api.named("first-0") == [{"run_id": "1"}]
    (method, path, query, _) = told.asked[0]
    assert (method, path, query["sort_by"]) == ("GET", "/apis/v2beta1/runs", "created_at asc")
    (predicate,) = json.loads(query["filter"])["predicates"]
    assert predicate == {"operation": "EQUALS", "key": "display_name", "stringValue": "first-0"}


async def test_no_runs_is_an_empty_answer(api):
    assert await api.named("first-0") == []


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_a_server_that_lets_nobody_in_is_busy_or_fails_is_asked_again(api, told, status):
    told.answer = (status, {"message": "no"})
    with pytest.raises(Retry, match=f"{status} no") as failed:
        await api.create({})
    assert failed.value.reason == "EngineUnavailable"


async def test_what_the_server_refuses_is_refused_with_its_words(api, told):
    told.answer = (400, {"code": 3, "message": "invalid spec"})
    with pytest.raises(Refuse, match="invalid spec") as refused:
        await api.create({})
    assert refused.value.reason == "EngineRefused"


async def test_a_run_that_ended_meanwhile_is_left_as_it_is(api, told):
    told.answer = (400, {"code": 9, "message": "the run is SUCCEEDED"})
    await api.terminate("1")
    assert told.asked[0][:2] == ("POST", "/apis/v2beta1/runs/1:terminate")


async def test_the_token_is_read_anew_for_each_call(api, told, tmp_path, monkeypatch):
    token = tmp_path / "token"
    monkeypatch.setenv("KF_PIPELINES_SA_TOKEN_PATH", str(token))
    for content in ("one", "two"):
        token.write_text(f"{content}\n")
        await api.named("first-0")
    assert [asked[3] for asked in told.asked] == ["Bearer one", "Bearer two"]


async def test_a_server_that_is_not_there_is_asked_again():
    with pytest.raises(Retry, match="does not answer"):
        await KfpApi("http://127.0.0.1:9").named("first-0")
