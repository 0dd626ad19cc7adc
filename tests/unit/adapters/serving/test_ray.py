"""The adapter against a Serve that keeps what it is told, as Ray's REST API does; the real one is in tests/serving."""

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from trimtab.adapters.serving.ray import RayServing
from trimtab.api.inferenceservice import Monitoring, Promotion, Replicas, Shadow
from trimtab.api.modelversion import Artifact, Signature, Tensor
from trimtab.contract.serving import MonitorReport, ServingPlan, VersionHealth, VersionRef
from trimtab.errors import Refuse, Retry


class FakeServe:
    """Serve's REST API and one endpoint behind it; `status` is what the next PUT ends in."""

    def __init__(self):
        self.apps, self.puts, self.status, self.message, self.answer = {}, [], "RUNNING", "", None
        self.report = web.Response(status=404, text="no route")

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/api/serve/applications/", self.handle)
        app.router.add_get("/{namespace}/{name}/monitor", self.monitor)
        return app

    async def handle(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != "Bearer secret":
            return web.Response(status=401)
        if self.answer is not None:
            return web.Response(status=self.answer, text="because")
        if request.method == "GET":
            return web.json_response({"applications": self.apps})
        self.puts.append(await request.json())
        self.apps = {
            app["name"]: {"status": self.status, "message": self.message, "deployed_app_config": app, "deployments": {}}
            for app in self.puts[-1]["applications"]
        }
        return web.Response()

    async def monitor(self, _request):
        return self.report


@pytest.fixture
async def serve():
    return FakeServe()


@pytest.fixture
async def server(serve):
    server = TestServer(serve.application())
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def engine(server):
    url = str(server.make_url(""))
    engine = RayServing(url, url, ("192.0.2.1", 8123), "secret", Path("/state"))
    yield engine
    await engine.close()


def version(number: str) -> VersionRef:
    tensor = Tensor(name="x", datatype="FP32", shape=[-1, 1])
    return VersionRef(
        model_version=f"flights-{number}",
        version=number,
        artifact=Artifact(uri=f"file:///{number}.onnx", digest="sha256:" + "0" * 64),
        signature=Signature(inputs=[tensor], outputs=[tensor]),
    )


def plan(champion="1.0.0", candidate=None, **changes) -> ServingPlan:
    settings = {
        "namespace": "default",
        "name": "flights",
        "model": "flights",
        "champion": version(champion),
        "candidate": candidate and version(candidate),
        "replicas": Replicas(),
        "shadow": Shadow(),
        "promotion": Promotion(),
        "monitoring": Monitoring(),
    }
    return ServingPlan(**{**settings, **changes})


# ---------------------------------------------------------------- put in place
async def test_from_nothing_a_plan_is_put_in_place(engine, serve, server):
    assert await engine.find("default", "flights") is None
    await engine.apply(plan())
    found = await engine.find("default", "flights")
    assert (found.plan, found.phase) == (plan(), "Running")
    assert found.url == str(server.make_url("/default/flights"))
    assert serve.puts[0]["http_options"] == {"host": "192.0.2.1", "port": 8123}


async def test_what_is_in_place_is_not_written_again(engine, serve):
    await engine.apply(plan(candidate="1.1.0"))
    await engine.apply(plan(candidate="1.1.0"))
    assert len(serve.puts) == 1


@pytest.mark.parametrize(
    "changed",
    [
        plan("1.1.0"),
        plan(),
        plan(candidate="1.2.0"),
        plan(candidate="1.1.0", shadow=Shadow(percent=10)),
        plan(candidate="1.1.0", replicas=Replicas(min=1, max=3)),
    ],
)
async def test_any_change_of_the_plan_is_written(engine, serve, changed):
    await engine.apply(plan(candidate="1.1.0"))
    await engine.apply(changed)
    assert len(serve.puts) == 2
    assert (await engine.find("default", "flights")).plan == changed


async def test_only_user_config_changes_with_a_version(engine, serve):
    await engine.apply(plan())
    await engine.apply(plan("1.1.0", "1.2.0"))
    first, second = (put["applications"][0] for put in serve.puts)
    for app in (first, second):
        for deployment in app["deployments"]:
            del deployment["user_config"]
    assert first == second


async def test_an_application_changed_by_someone_else_is_put_right(engine, serve):
    await engine.apply(plan())
    assert not (await engine.find("default", "flights")).outdated
    serve.apps["default_flights"]["deployed_app_config"]["deployments"][0]["num_replicas"] = 7
    assert (await engine.find("default", "flights")).outdated
    await engine.apply(plan())
    assert serve.puts[-1] == serve.puts[0] | {"applications": [app_of(serve)]}
    assert app_of(serve)["deployments"][0]["num_replicas"] == 1


async def test_an_application_that_serve_gave_up_on_is_put_again(engine, serve):
    serve.status, serve.message = "DEPLOY_FAILED", "Traceback\n  line 1\nImportError: no such module\n"
    await engine.apply(plan())
    found = await engine.find("default", "flights")
    assert (found.phase, found.message) == ("Failed", "ImportError: no such module")
    await engine.apply(plan())
    assert len(serve.puts) == 2


async def test_two_services_whose_names_run_together_are_two(engine, serve):
    await engine.apply(plan(namespace="a-b", name="c"))
    await engine.apply(plan(namespace="a", name="b-c"))
    assert set(serve.apps) == {"a-b_c", "a_b-c"}


async def test_a_service_that_may_grow_is_scaled_by_its_load(engine, serve):
    await engine.apply(plan(replicas=Replicas(min=1, max=4, target_ongoing_requests=2)))
    host = app_of(serve)["deployments"][0]
    assert "num_replicas" not in host
    assert host["autoscaling_config"] == {"min_replicas": 1, "max_replicas": 4, "target_ongoing_requests": 2}


# ---------------------------------------------------------------- others, and taking down
async def test_the_others_on_the_cluster_are_kept(engine, serve):
    theirs = {"name": "theirs", "import_path": "their:app"}
    serve.apps["theirs"] = {"status": "RUNNING", "deployed_app_config": theirs}
    await engine.apply(plan())
    await engine.remove("default", "flights")
    assert serve.puts[0]["applications"][0] == theirs
    assert serve.puts[1]["applications"] == [theirs]


async def test_an_application_that_is_going_is_not_kept_alive(engine, serve):
    serve.apps["gone"] = {"status": "DELETING", "deployed_app_config": {"name": "gone"}}
    await engine.apply(plan())
    assert set(serve.apps) == {"default_flights"}


@pytest.mark.parametrize("status", ["DELETING", None])
async def test_what_is_gone_or_going_is_not_found_and_needs_no_removal(engine, serve, status):
    if status:
        serve.apps["default_flights"] = {"status": status, "deployed_app_config": {"name": "default_flights"}}
    assert await engine.find("default", "flights") is None
    await engine.remove("default", "flights")
    assert serve.puts == []


async def test_a_plan_of_another_release_is_found_as_none(engine, serve):
    await engine.apply(plan())
    app_of(serve)["deployments"][0]["user_config"] = {"of": "another release"}
    found = await engine.find("default", "flights")
    assert (found.plan, found.phase) == (None, "Running")


@pytest.mark.parametrize(
    ("status", "phase"), [("DEPLOYING", "Deploying"), ("NOT_STARTED", "Deploying"), ("UNHEALTHY", "Failed")]
)
async def test_a_phase_says_what_serve_says(engine, serve, status, phase):
    serve.status = status
    await engine.apply(plan())
    assert (await engine.find("default", "flights")).phase == phase


# ---------------------------------------------------------------- reports and trouble
async def test_a_report_is_what_the_endpoint_says(engine, serve):
    report = MonitorReport(champion=VersionHealth(version="1.0.0"), drift_version="1.0.0")
    serve.report = web.json_response(report.wire())
    assert await engine.report("default", "flights") == report


@pytest.mark.parametrize("answer", [web.Response(status=503), web.Response(text="not json"), web.Response(text="{}x")])
async def test_an_endpoint_that_does_not_answer_well_has_no_report(engine, serve, answer):
    serve.report = answer
    assert await engine.report("default", "flights") is None


@pytest.mark.parametrize(("answer", "error"), [(500, Retry), (401, Retry), (503, Retry), (400, Refuse)])
async def test_trouble_says_whether_to_try_again(engine, serve, answer, error):
    serve.answer = answer
    with pytest.raises(error, match="because"):
        await engine.apply(plan())


async def test_a_ray_that_is_down_is_tried_again_later(engine, server):
    await server.close()
    for call in (engine.find("default", "flights"), engine.apply(plan()), engine.remove("default", "flights")):
        with pytest.raises(Retry, match="ServingUnavailable: Ray does not answer"):
            await call
    assert await engine.report("default", "flights") is None


def app_of(serve) -> dict:
    return serve.apps["default_flights"]["deployed_app_config"]
