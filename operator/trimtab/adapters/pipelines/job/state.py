"""How far a run in a Job is, from all that is told of it; pure.

    told       what the run itself wrote into MLflow
    the Job    whether it waits, runs, or is over
    its pods   why they do not start; how they ended, with the run's last words in the termination message
    events     why the API server does not let a pod be made

What the run told counts first. A Job that is over while the run told no end ended from outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from trimtab.adapters.kube import pod_trouble
from trimtab.adapters.pipelines.job.render import QUEUE
from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import Failure, Held, RunState

Json = dict[str, Any]

_LONGEST = 300


@dataclass(frozen=True)
class Look:
    """What is seen of a run's Job."""

    job: Json | None
    pods: Sequence[Json] = ()
    events: Sequence[Json] = ()


def state_of(look: Look, told: RunState | None) -> RunState | None:
    """How far the run is; None when there is nothing of it."""
    if told is not None and told.phase != "Running":
        return told
    if look.job is None:
        return None if told is None else _interrupted(told, "its Job was deleted")
    if is_over(look.job):
        return _over(look, told or RunState(phase="Running"))
    return told or _not_begun(look)


def is_over(job: Json) -> bool:
    """Whether the Job runs nothing any more, and never will."""
    return any(c["type"] in ("Complete", "Failed") and c["status"] == "True" for c in _conditions(job))


def has_pods(job: Json) -> bool:
    """Whether the Job was ever let make a pod."""
    status = job.get("status", {})
    return any(status.get(count, 0) for count in ("active", "succeeded", "failed", "terminating"))


def last_words(pods: Sequence[Json]) -> RunState | None:
    """How the run itself said it ended, in a termination message."""
    for ended in filter(None, map(_terminated, pods)):
        try:
            return RunState.model_validate_json(ended.get("message", ""))
        except ValidationError:
            continue
    return None


def told_failure(pods: Sequence[Json]) -> bool:
    """Whether the last words tell all that is to know: what a run that went well has found stands in MLflow alone."""
    words = last_words(pods)
    return words is not None and words.failure is not None


def _not_begun(look: Look) -> RunState:
    job = look.job or {}
    if job["spec"].get("suspend"):
        queue = job["metadata"]["labels"].get(QUEUE, "")
        held = Held(reason=TrainingReason.QUEUED, message=f"Kueue has not admitted the run to the queue {queue!r} yet")
        return RunState(phase="Running", held=held)
    obstacle = pod_trouble.of_pods(look.pods)
    if obstacle is None and look.events:
        obstacle = pod_trouble.refused(look.events[-1].get("message", ""))
    if obstacle is None:
        return RunState(phase="Running")
    return RunState(phase="Running", held=Held(reason=obstacle.reason, message=obstacle.message[:_LONGEST]))


def _over(look: Look, told: RunState) -> RunState:
    words = last_words(look.pods)
    if words is None or words.failure is None:
        return _interrupted(told, _why(look))
    step = words.failure.step or told.step
    failure = words.failure.model_copy(update={"step": step})
    return told.model_copy(update={"phase": "Failed", "step": step, "failure": failure})


def _why(look: Look) -> str:
    for pod in look.pods:
        ended = _terminated(pod) or {}
        if ended.get("reason") == "OOMKilled":
            return "the pod ran out of memory: create a new TrainingRun with more spec.resources.memory"
        if pod["status"].get("reason"):
            return f"{pod['status']['reason']}: {pod['status'].get('message', '')}"
        if ended:
            return f"the pod ended with status {ended.get('exitCode')}: read its log"
    failed = next((c for c in _conditions(look.job or {}) if c["type"] == "Failed"), {})
    return f"{failed.get('reason', 'its Job ended')}: {failed.get('message', 'no pod of it is left')}"


def _interrupted(told: RunState, why: str) -> RunState:
    where = f"in step {told.step}" if told.step else "before its first step"
    message = f"the run was ended from outside {where}: {' '.join(why.split())}"[:_LONGEST]
    failure = Failure(step=told.step, reason=TrainingReason.INTERRUPTED, message=message, retryable=True)
    return told.model_copy(update={"phase": "Failed", "held": None, "failure": failure})


def _terminated(pod: Json) -> Json | None:
    statuses = pod["status"].get("containerStatuses", [])
    return next((s["state"]["terminated"] for s in statuses if "terminated" in s.get("state", {})), None)


def _conditions(job: Json) -> list[Json]:
    found: list[Json] = job.get("status", {}).get("conditions", [])
    return found
