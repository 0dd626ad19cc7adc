"""The pipeline engine `kfp`: a run on a Kubeflow Pipelines server, each step a pod of its own.

The server knows no idempotent creation and hands no outputs back: a run is looked for by its name before it is made,
and what it found is read from MLflow. When the server has forgotten an old run, what the run told still stands there.
"""

from typing import Any

from trimtab.adapters.mlflow.results import MlflowResults
from trimtab.adapters.pipelines import offers
from trimtab.adapters.pipelines.kfp import render
from trimtab.adapters.pipelines.kfp.api import KfpApi
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import Failure, RunRequest, RunState
from trimtab.errors import Refuse, Retry
from trimtab.keys import RunKey

Json = dict[str, Any]

_ENDED = ("SUCCEEDED", "SKIPPED", "FAILED", "CANCELED")
_LONGEST = 300


class KfpPipelines:
    """Runs pipelines on a KFP API server."""

    def __init__(self, api: KfpApi, results: MlflowResults, pods: TrainingPods, pipeline: Json) -> None:
        """`pipeline` is the compiled pipeline, as the IR has it."""
        self._api, self._results, self._pods, self._pipeline = api, results, pods, pipeline

    async def find(self, key: RunKey) -> RunState | None:
        """How far the run is; None when it was never started.

        Raises:
            Retry: EngineUnavailable, when KFP or MLflow does not answer.

        """
        runs = await self._api.named(key.name)
        try:
            told = await self._results.find(key)
        except (Retry, Refuse) as error:
            raise Retry(TrainingReason.ENGINE_UNAVAILABLE, error.message) from error
        return state_of(runs[0] if runs else None, told)

    async def start(self, key: RunKey, request: RunRequest) -> None:
        """Start the run unless it was started before.

        Raises:
            Refuse: PoolUnknown, PoolTooSmall, UnsupportedByEngine, EngineRefused.
            Retry: EngineUnavailable.

        """
        offers.refuse_local_files(request)
        wanted = render.run(key, request, self._pods, self._pipeline)
        if not await self._api.named(key.name):
            await self._api.create(wanted)

    async def cancel(self, key: RunKey) -> None:
        """Ask for the end of whatever runs under this name. Absent is success.

        Raises:
            Retry: EngineUnavailable.

        """
        for run in await self._api.named(key.name):
            if run.get("state") not in _ENDED:
                await self._api.terminate(run["run_id"])


def state_of(run: Json | None, told: RunState | None) -> RunState | None:
    """How far a run is, from what the server and the run itself say; None when there is nothing of it."""
    if run is None:
        return None if told is None else _ended(told, "Kubeflow Pipelines does not know the run any more")
    known = told or RunState(phase="Running")
    state = run.get("state")
    if state not in _ENDED:
        return known
    if state == "SUCCEEDED":
        return known.model_copy(update={"phase": "Succeeded", "step": None})
    if state == "CANCELED":
        return _ended(known, "it was cancelled")
    return _ended(known, (run.get("error") or {}).get("message") or "read the log of its step")


def _ended(told: RunState, why: str) -> RunState:
    """The state of a run that ended badly: what its step said of it, or that nothing was said."""
    where = f"in step {told.step}" if told.step else "before its first step"
    message = f"the run ended {where} without saying why: {' '.join(why.split())}"[:_LONGEST]
    silent = Failure(step=told.step, reason=TrainingReason.INTERRUPTED, message=message, retryable=True)
    failure = told.failure or silent
    return told.model_copy(update={"phase": "Failed", "step": failure.step, "failure": failure})
