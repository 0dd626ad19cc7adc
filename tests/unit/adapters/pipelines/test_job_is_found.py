"""A run whose Job is over, while MLflow is silent or has been told of the end a moment ago."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from kubernetes.aio.client import ApiClient, Configuration

from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.pipelines.job.engine import JobPipelines
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.contract.run import Failure, RunState
from trimtab.errors import Retry
from trimtab.keys import RunKey
from trimtab.pools import PoolTable

KEY = RunKey("ns", "first-0")
DONE = RunState(phase="Succeeded")
FAILED = RunState(phase="Failed", failure=Failure(step="train", reason="TrainingRaised", message="no"))
SILENCE = Retry("TrackingUnavailable", "MLflow does not answer")


class Results:
    """What MLflow answers, one after another; the last for ever."""

    def __init__(self, *answers):
        self._answers = list(answers)

    async def find(self, _):
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
async def over():
    """An API server with the Job of a run that is over and left these last words."""
    app, words = web.Application(), {"message": ""}

    async def job(_):
        done = {"type": "Complete", "status": "True"}
        return web.json_response({"metadata": {}, "spec": {}, "status": {"succeeded": 1, "conditions": [done]}})

    async def pods(_):
        ended = {"terminated": {"exitCode": 0, **words}}
        return web.json_response({"items": [{"status": {"containerStatuses": [{"state": ended}]}}]})

    app.router.add_get("/apis/batch/v1/namespaces/ns/jobs/first-0", job)
    app.router.add_get("/api/v1/namespaces/ns/pods", pods)
    running = TestServer(app)
    await running.start_server()
    api = KubeApi(ApiClient(Configuration(host=str(running.make_url("")).rstrip("/"))))

    def engine(said, *answers):
        words["message"] = said.model_dump_json(by_alias=True, exclude_none=True)
        pools = TrainingPods(image="trainer", store="s3://models", tracking_uri="http://mlflow", pools=PoolTable({}))
        return JobPipelines(api, Results(*answers), pools)

    yield engine
    await api.close()
    await running.close()


async def test_a_run_that_went_well_is_not_taken_for_ended_from_outside_while_mlflow_is_silent(over):
    with pytest.raises(Retry, match="MLflow does not answer"):
        await over(DONE, SILENCE).find(KEY)


async def test_a_failure_is_known_from_the_last_words_while_mlflow_is_silent(over):
    state = await over(FAILED, SILENCE).find(KEY)
    assert (state.phase, state.failure.reason) == ("Failed", "TrainingRaised")


async def test_an_end_that_was_told_while_the_job_was_looked_at_is_seen(over):
    assert await over(DONE, RunState(phase="Running"), DONE).find(KEY) == DONE
