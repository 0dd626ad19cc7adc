"""An API server that does not take a run's Job: its rules may let us later, but an invalid Job it never takes."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from kubernetes.aio.client import ApiClient, Configuration

from tests.support.objects import NAMESPACE, training_spec
from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.mlflow.results import MlflowResults
from trimtab.adapters.pipelines.job.engine import JobPipelines
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.contract.run import RunRequest
from trimtab.errors import Refuse, Retry
from trimtab.keys import RunKey
from trimtab.pools import PoolTable

KEY = RunKey(NAMESPACE, "first-0")
SPEC = training_spec() | {"data": {"uri": "s3://lake/rows", "target": "y", "holdout": {"by": "Random"}}}
FIELD = "spec.template.spec.tolerations[0].operator"
BY_POLICY = {"reason": "Invalid", "message": "is forbidden: ValidatingAdmissionPolicy 'cost' denied request: no team"}
BY_WEBHOOK = {"message": 'admission webhook "cost" denied the request: no team'}


@pytest.fixture
def answer():
    """What the API server says to everything; a test may say otherwise."""
    return {"status": 403, "said": {}}


@pytest.fixture
async def engine(answer):
    async def say(_: web.Request) -> web.Response:
        return web.json_response({"kind": "Status", "message": ""} | answer["said"], status=answer["status"])

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", say)
    server = TestServer(app)
    await server.start_server()
    api = KubeApi(ApiClient(Configuration(host=str(server.make_url("")).rstrip("/"))))
    mlflow = "http://127.0.0.1:9"
    pods = TrainingPods(image="trainer", store="s3://models", tracking_uri=mlflow, pools=PoolTable({}))
    yield JobPipelines(api, MlflowResults(mlflow), pods)
    await api.close()
    await server.close()


async def start(engine):
    asked = {"namespace": NAMESPACE, "trainingRun": "first", "uid": "u", "spec": SPEC}
    await engine.start(KEY, RunRequest.model_validate(asked))


async def test_a_job_that_may_not_be_deleted_is_tried_again(engine):
    with pytest.raises(Retry, match="EngineUnavailable: the API server refuses"):
        await engine.cancel(KEY)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (422, {"reason": "Invalid", "message": FIELD, "details": {"causes": [{"field": FIELD}]}}),
        (400, {"reason": "BadRequest", "message": f"Job cannot be handled as a Job: {FIELD}"}),
    ],
)
async def test_a_job_that_is_invalid_is_refused_with_the_servers_words(answer, engine, status, said):
    answer.update(status=status, said=said)
    with pytest.raises(Refuse, match="JobInvalid: the API server calls the run's Job invalid") as refused:
        await start(engine)
    assert FIELD in refused.value.message


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, {"reason": "Forbidden", "message": "exceeded quota: jobs"}),
        (422, BY_POLICY | {"details": {"causes": [{"message": BY_POLICY["message"]}]}}),
        (400, BY_WEBHOOK),
    ],
)
async def test_a_job_that_a_rule_of_the_cluster_refuses_is_tried_again(answer, engine, status, said):
    answer.update(status=status, said=said)
    with pytest.raises(Retry, match="EngineUnavailable: the API server refuses"):
        await start(engine)
