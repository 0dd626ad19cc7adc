"""The run of a request, as the KFP API server is asked for it; pure, and the same for the same request.

The compiled pipeline is the committed one; image, resources and environment are put into its executors, and what only
Kubernetes knows (nodes, labels, Secrets) into the platform's part of the specification, in the words of kfp.kubernetes.
Cards and their pool are asked for by the training step alone: nothing holds a card while data is read or checked.
"""

import copy
from collections.abc import Iterable
from typing import Any

from trimtab import mlflow_access
from trimtab.adapters.kube import restricted
from trimtab.adapters.pipelines.job.render import MEMORY, labels_of, queue_of
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.contract import told
from trimtab.contract.run import RunRequest
from trimtab.keys import RunKey
from trimtab.pools import ANYWHERE, Placement

Json = dict[str, Any]

_TRAINS = "exec-train"
_USER = str(restricted.USER)
_STORE_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL")
"""KFP takes no Secret whole; a key that the Secret lacks is passed over."""


def run(key: RunKey, request: RunRequest, pods: TrainingPods, pipeline: Json) -> Json:
    """Render the body of the call that creates the run.

    Raises:
        Refuse: PoolUnknown, PoolTooSmall.

    """
    placement = pods.pools.place(request.spec.resources.gpu)
    return {
        "display_name": key.name,
        "pipeline_spec": {
            "pipeline_spec": _filled(pipeline, request, pods, placement),
            "platform_spec": _platform(pipeline, request, pods, placement),
        },
        "runtime_config": {
            "parameters": {
                "request": request.model_dump_json(by_alias=True, exclude_none=True),
                "state": told.address(key.name),
                "store": pods.store,
            }
        },
    } | ({"service_account": pods.service_account} if pods.service_account else {})


def _filled(pipeline: Json, request: RunRequest, pods: TrainingPods, placement: Placement) -> Json:
    filled = copy.deepcopy(pipeline)
    for name, executor in filled["deploymentSpec"]["executors"].items():
        executor["container"] |= {
            "image": request.spec.trainer.image or pods.image,
            "env": _environment(pods),
            "resources": _resources(request, placement if name == _TRAINS else ANYWHERE),
        }
    return filled


def _environment(pods: TrainingPods) -> list[Json]:
    told = {
        "HOME": "/tmp",  # noqa: S108  # the one folder that every image lets its user write to
        "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
        "MLFLOW_TRACKING_URI": pods.tracking_uri,
    }
    return [{"name": name, "value": value} for name, value in told.items()]


def _resources(request: RunRequest, placement: Placement) -> Json:
    asked = request.spec.resources
    memory = asked.memory or MEMORY
    cards = [{"resourceType": name, "resourceCount": count} for name, count in placement.limits.items()]
    amount = {"resourceCpuRequest": asked.cpu, "resourceMemoryRequest": memory, "resourceMemoryLimit": memory}
    return amount | ({"accelerator": cards[0]} if cards else {})


def _platform(pipeline: Json, request: RunRequest, pods: TrainingPods, placement: Placement) -> Json:
    names = pipeline["deploymentSpec"]["executors"]
    executors = {name: _pod(request, pods, placement if name == _TRAINS else ANYWHERE) for name in names}
    return {"platforms": {"kubernetes": {"deploymentSpec": {"executors": executors}}}}


def _pod(request: RunRequest, pods: TrainingPods, placement: Placement) -> Json:
    secrets = ((pods.storage_secret, _STORE_KEYS), (pods.tracking_secret, mlflow_access.VARIABLES))
    optional = {
        "imagePullSecret": [_secret(pods.pull_secret)] if pods.pull_secret else [],
        "secretAsEnv": [_as_environment(secret, names) for secret, names in secrets if secret],
        "nodeSelector": {"labels": dict(placement.node_selector)} if placement.node_selector else {},
        "tolerations": [_toleration(toleration) for toleration in placement.tolerations],
    }
    return {
        "imagePullPolicy": pods.pull_policy,
        "podMetadata": {"labels": labels_of(request) | queue_of(request)},
        "securityContext": {"runAsNonRoot": True, "runAsUser": _USER, "runAsGroup": _USER},
    } | {name: value for name, value in optional.items() if value}


def _secret(name: str) -> Json:
    return {"secretName": name, "secretNameParameter": {"runtimeValue": {"constant": name}}}


def _as_environment(secret: str, names: Iterable[str]) -> Json:
    keys = [{"secretKey": name, "envVar": name} for name in names]
    return {**_secret(secret), "keyToEnv": keys, "optional": True}


def _toleration(toleration: Json) -> Json:
    """In protobuf's JSON, a number of 64 bits is text."""
    return {name: str(value) if isinstance(value, int) else value for name, value in toleration.items()}
