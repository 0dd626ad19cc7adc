"""An API server whose rules are in the way of a run's Job: it may let us later, so no run ends by it."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from kubernetes.aio.client import ApiClient, Configuration

from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.mlflow.results import MlflowResults
from trimtab.adapters.pipelines.job.engine import JobPipelines
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.errors import Retry
from trimtab.keys import RunKey
from trimtab.pools import PoolTable


async def _forbidden(_: web.Request) -> web.Response:
    return web.json_response({"kind": "Status"}, status=403)


@pytest.fixture
async def engine():
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _forbidden)
    running = TestServer(app)
    await running.start_server()
    api = KubeApi(ApiClient(Configuration(host=str(running.make_url("")).rstrip("/"))))
    mlflow = "http://127.0.0.1:9"
    pods = TrainingPods(image="trainer", store="s3://models", tracking_uri=mlflow, pools=PoolTable({}))
    yield JobPipelines(api, MlflowResults(mlflow), pods)
    await api.close()
    await running.close()


async def test_a_job_that_may_not_be_deleted_is_tried_again(engine):
    with pytest.raises(Retry, match="EngineUnavailable: the API server refuses"):
        await engine.cancel(RunKey("ns", "first-0"))
