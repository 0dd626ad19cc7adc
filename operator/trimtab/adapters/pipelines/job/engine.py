"""The pipeline engine `job`: a whole run in one Kubernetes Job, for clusters without Kubeflow Pipelines.

    TrainingRun ──owns──► Job <run key> ──► pod: python -m trimtab.training.run_pod
                                              │ tells
                          MLflow run  ◄───────┘

The Job's name is the run's, so creating it again is the same Job; nothing is kept here.
"""

from typing import Any

from trimtab.adapters.kube.api import INVALID, ConflictError, KubeApi, NotFoundError
from trimtab.adapters.kube.cluster import FIELD_MANAGER
from trimtab.adapters.mlflow.results import MlflowResults
from trimtab.adapters.pipelines import offers
from trimtab.adapters.pipelines.job import render, state
from trimtab.adapters.pipelines.job.state import Look
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import RunRequest, RunState
from trimtab.errors import Refuse, Retry, Wait
from trimtab.keys import RunKey

Json = dict[str, Any]


class JobPipelines:
    """Runs pipelines as Jobs."""

    def __init__(self, api: KubeApi, results: MlflowResults, pods: TrainingPods) -> None:
        self._api, self._results, self._pods = api, results, pods

    async def find(self, key: RunKey) -> RunState | None:
        """How far the run is; None when it was never started.

        Raises:
            Retry: the API server does not answer, or MLflow does not and nothing else tells how the run ended.

        """
        told, silence = await self._told(key)
        if told is not None and told.phase != "Running":
            return told
        look = await self._look(key, told)
        if look.job is not None and state.is_over(look.job):
            told, silence = await self._told(key)  # it may have told its end in between
        if silence is not None and not state.told_failure(look.pods):
            raise silence
        return state.state_of(look, told)

    async def start(self, key: RunKey, request: RunRequest) -> None:
        """Start the run unless it was started before.

        Raises:
            Refuse: PoolUnknown, PoolTooSmall, UnsupportedByEngine, JobInvalid.
            Retry: the API server does not answer, or does not let the Job be made.
            Wait: the namespace is going.

        """
        offers.refuse_local_files(request)
        wanted = render.job(key, request, self._pods)
        try:
            await self._api.call("POST", _jobs(key), query={"fieldManager": FIELD_MANAGER}, body=wanted)
        except ConflictError:
            return
        except NotFoundError as error:
            raise Wait("Gone", str(error)) from error
        except Refuse as error:
            raise (_invalid(error) if error.reason == INVALID else _not_let(error)) from error

    async def cancel(self, key: RunKey) -> None:
        """Delete the Job; it is gone when its pods are, so no attempt begins beside another. Absent is success.

        Raises:
            Retry: the API server does not answer, or does not let the Job be deleted.

        """
        try:
            await self._api.call("DELETE", _jobs(key, key.name), body={"propagationPolicy": "Foreground"})
        except (NotFoundError, ConflictError):
            return
        except Refuse as error:
            raise _not_let(error) from error

    async def _told(self, key: RunKey) -> tuple[RunState | None, Retry | None]:
        """What the run told MLflow; or why MLflow does not tell."""
        try:
            return await self._results.find(key), None
        except (Retry, Refuse) as error:
            return None, Retry(TrainingReason.ENGINE_UNAVAILABLE, error.message)

    async def _look(self, key: RunKey, told: RunState | None) -> Look:
        """The Job; and, of one that has not begun or is over, what else is known of it."""
        try:
            job = await self._api.call("GET", _jobs(key, key.name))
        except NotFoundError:
            return Look(None)
        if told is not None and not state.is_over(job):
            return Look(job)
        core = f"/api/v1/namespaces/{key.namespace}"
        if not state.has_pods(job):
            of_it = f"involvedObject.uid={job['metadata']['uid']},reason=FailedCreate"
            events = await self._api.call("GET", f"{core}/events", query={"fieldSelector": of_it})
            return Look(job, events=events["items"])
        of_job = {"labelSelector": f"batch.kubernetes.io/job-name={key.name}"}
        pods = await self._api.call("GET", f"{core}/pods", query=of_job)
        return Look(job, pods=pods["items"])


def _not_let(error: Refuse) -> Retry:
    """The cluster's rules are in the way, not the spec: they may change, so it is worth another try."""
    return Retry(TrainingReason.ENGINE_UNAVAILABLE, f"the API server refuses the run's Job: {error.message}")


def _invalid(error: Refuse) -> Refuse:
    """A field of the spec or of the pool is at fault: asking again gets the same answer."""
    return Refuse(TrainingReason.JOB_INVALID, f"the API server calls the run's Job invalid: {error.message}")


def _jobs(key: RunKey, name: str = "") -> str:
    return f"/apis/batch/v1/namespaces/{key.namespace}/jobs/{name}".rstrip("/")
