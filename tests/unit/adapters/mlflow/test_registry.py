"""What the registry makes of MLflow's answers; its requests are held to the real server in tests/pipelines."""

import asyncio

import pytest
from aiohttp import web

from trimtab.adapters.mlflow.registry import MlflowRegistry
from trimtab.errors import Refuse, Retry

ABSENT = {"error_code": "INVALID_PARAMETER_VALUE", "message": "alias champion not found"}


class Stub:
    """An MLflow server that answers each call as the test says, and remembers what it was asked."""

    def __init__(self):
        self.answers = {}
        self.asked = []
        self.shown = []
        self.url = ""

    async def answer(self, request):
        call = f"{request.method} {request.path.removeprefix('/api/2.0/mlflow/')}"
        self.asked.append((call, await request.json() if request.can_read_body else dict(request.query)))
        self.shown.append(request.headers.get("Authorization"))
        answer = self.answers.get(call, (200, {}))
        if answer is None:
            await asyncio.sleep(30)
        status, content = answer
        if isinstance(content, str):
            return web.Response(text=content, status=status)
        return web.json_response(content, status=status)


@pytest.fixture
async def stub():
    stub = Stub()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stub.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    stub.url = f"http://{host}:{port}"
    yield stub
    await runner.cleanup()


@pytest.fixture
def registry(stub):
    return MlflowRegistry(stub.url)


async def test_each_tag_is_set_on_the_version(stub, registry):
    await registry.label("delay", 3, {"trimtab.dev/version": "1.0.2"})
    wanted = {"name": "delay", "version": "3", "key": "trimtab.dev/version", "value": "1.0.2"}
    assert stub.asked == [("POST model-versions/set-tag", wanted)]


async def test_dots_that_mlflow_refuses_become_dashes(stub, registry):
    await registry.alias("delay", "v1.4.2", 3)
    assert stub.asked == [("POST registered-models/alias", {"name": "delay", "alias": "v1-4-2", "version": "3"})]


async def test_an_alias_is_taken_away_only_from_the_version_it_points_at(stub, registry):
    stub.answers["GET registered-models/alias"] = (200, {"model_version": {"version": "4"}})
    await registry.unalias("delay", "champion", 3)
    assert [call for call, _ in stub.asked] == ["GET registered-models/alias"]
    await registry.unalias("delay", "champion", 4)
    assert stub.asked[-1] == ("DELETE registered-models/alias", {"name": "delay", "alias": "champion"})


async def test_taking_away_an_alias_that_is_not_there_is_success(stub, registry):
    stub.answers["GET registered-models/alias"] = (400, ABSENT)
    await registry.unalias("delay", "champion", 3)
    assert [call for call, _ in stub.asked] == ["GET registered-models/alias"]


async def test_what_mlflow_refuses_is_told_in_its_words(stub, registry):
    stub.answers["POST registered-models/alias"] = (404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "gone"})
    with pytest.raises(Refuse, match="RESOURCE_DOES_NOT_EXIST gone"):
        await registry.alias("delay", "champion", 3)


async def test_a_server_that_fails_is_worth_another_try(stub, registry):
    stub.answers["POST model-versions/set-tag"] = (503, {"message": "starting"})
    with pytest.raises(Retry, match="bring it back") as failed:
        await registry.label("delay", 3, {"a": "b"})
    assert failed.value.reason == "TrackingUnavailable"


async def test_a_server_that_never_answers_costs_no_more_than_the_deadline(stub):
    stub.answers["POST model-versions/set-tag"] = None
    with pytest.raises(Retry, match="TimeoutError"):
        await MlflowRegistry(stub.url, deadline=0.2).label("delay", 3, {"a": "b"})


async def test_nobody_listening_is_worth_another_try():
    with pytest.raises(Retry, match="does not answer"):
        await MlflowRegistry("http://127.0.0.1:9").alias("delay", "champion", 3)


@pytest.mark.parametrize("said", [{"error_code": "PERMISSION_DENIED", "message": "no"}, "no", ""], ids=str)
@pytest.mark.parametrize(
    ("status", "told"),
    [(401, "MLflow refuses the credentials .401.*MLFLOW_TRACKING_USERNAME"), (403, "MLflow forbids it .403")],
)
async def test_credentials_that_are_refused_are_told_and_tried_again(stub, registry, status, said, told):
    stub.answers["POST model-versions/set-tag"] = (status, said)
    with pytest.raises(Retry, match=told) as refused:
        await registry.label("delay", 3, {"a": "b"})
    assert refused.value.reason == "TrackingUnavailable"


async def test_a_server_that_is_asked_too_much_is_asked_again(stub, registry):
    stub.answers["POST model-versions/set-tag"] = (429, {"message": "slowly"})
    with pytest.raises(Retry, match="slowly"):
        await registry.label("delay", 3, {"a": "b"})


@pytest.mark.parametrize("answer", [(200, ""), (200, "null"), (200, "<html>"), (404, "<html>"), (200, "[]")], ids=str)
async def test_an_answer_that_is_not_mlflows_is_no_answer(stub, registry, answer):
    stub.answers["POST model-versions/set-tag"] = answer
    with pytest.raises(Retry, match="does not answer"):
        await registry.label("delay", 3, {"a": "b"})


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, None),
        ({"MLFLOW_TRACKING_USERNAME": "trimtab", "MLFLOW_TRACKING_PASSWORD": "secret"}, "Basic dHJpbXRhYjpzZWNyZXQ="),
        ({"MLFLOW_TRACKING_TOKEN": "abc"}, "Bearer abc"),
    ],
    ids=["nobody", "user", "token"],
)
async def test_mlflow_is_shown_the_credentials_of_the_environment(stub, registry, monkeypatch, variables, shown):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    await registry.label("delay", 3, {"a": "b"})
    assert stub.shown == [shown]


async def test_mlflow_is_asked_through_the_proxy_of_the_environment(stub, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", stub.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    await MlflowRegistry("http://mlflow.invalid:5000").label("delay", 3, {"a": "b"})
    assert [call for call, _ in stub.asked] == ["POST model-versions/set-tag"]
