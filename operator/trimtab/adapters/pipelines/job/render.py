"""The Job of a run; pure, and the same bytes for the same run."""

from typing import Any

from trimtab.adapters.kube import restricted
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.api.common import GROUP
from trimtab.api.ownership import owner_reference
from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import RunRequest
from trimtab.errors import Refuse
from trimtab.keys import RunKey
from trimtab.pools import Placement

Json = dict[str, Any]

QUEUE = "kueue.x-k8s.io/queue-name"
MEMORY = "2Gi"
_KEPT = 86_400
"""Seconds that an ended Job stays to be looked at; what it found stands in MLflow."""
_LONGEST = 100_000
"""Characters of a request; the kernel takes no longer environment variable than 128 KiB."""
_SCRATCH = "/tmp"  # noqa: S108  # a volume of the pod's own; the root is read-only


def job(key: RunKey, request: RunRequest, pods: TrainingPods) -> Json:
    """Render the Job.

    Raises:
        Refuse: PoolUnknown, PoolTooSmall, UnsupportedByEngine (a spec too long to be handed to a pod).

    """
    placement = pods.pools.place(request.spec.resources.gpu)
    labels = labels_of(request)
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": _metadata(key, request, labels),
        "spec": {
            "backoffLimit": 0,
            "completions": 1,
            "parallelism": 1,
            "podReplacementPolicy": "Failed",
            "suspend": request.spec.queue_name is not None,  # Kueue lets it go; without Kueue it must not run either
            "ttlSecondsAfterFinished": _KEPT,
            "template": {"metadata": {"labels": labels}, "spec": _pod(key, request, pods, placement)},
        },
    }


def _metadata(key: RunKey, request: RunRequest, labels: Json) -> Json:
    owner = owner_reference("TrainingRun", request.training_run, request.uid)
    return {
        "namespace": key.namespace,
        "name": key.name,
        "labels": labels | queue_of(request),
        "ownerReferences": [owner],
    }


def labels_of(request: RunRequest) -> Json:
    """The labels of a run's pods, whichever engine makes them."""
    return {
        "app.kubernetes.io/managed-by": "trimtab",
        "app.kubernetes.io/component": "training",
        f"{GROUP}/model": request.spec.model,
        f"{GROUP}/training-run-uid": request.uid,
    }


def queue_of(request: RunRequest) -> Json:
    """The label by which Kueue admits what it stands on; none where the run names no queue."""
    return {QUEUE: request.spec.queue_name} if request.spec.queue_name else {}


def _pod(key: RunKey, request: RunRequest, pods: TrainingPods, placement: Placement) -> Json:
    spec = {
        "restartPolicy": "Never",
        **restricted.pod(),
        "terminationGracePeriodSeconds": 5,
        "containers": [_container(key, request, pods, placement)],
        "volumes": [{"name": "scratch", "emptyDir": {}}],
    }
    optional = {
        "imagePullSecrets": [{"name": pods.pull_secret}] if pods.pull_secret else [],
        "nodeSelector": dict(placement.node_selector),
        "tolerations": list(placement.tolerations),
    }
    return spec | {name: value for name, value in optional.items() if value}


def _container(key: RunKey, request: RunRequest, pods: TrainingPods, placement: Placement) -> Json:
    resources = request.spec.resources
    memory = resources.memory or MEMORY
    container = {
        "name": "trainer",
        "image": request.spec.trainer.image or pods.image,
        "imagePullPolicy": pods.pull_policy,
        "command": ["python", "-m", "trimtab.training.run_pod"],
        "workingDir": _SCRATCH,
        "env": [{"name": name, "value": value} for name, value in _environment(key, request, pods).items()],
        **restricted.container(),
        "resources": {
            "requests": {"cpu": resources.cpu, "memory": memory, **placement.limits},
            "limits": {"memory": memory, **placement.limits},
        },
        "volumeMounts": [{"name": "scratch", "mountPath": _SCRATCH}],
    }
    return container | restricted.environment_from(pods.storage_secret, pods.tracking_secret)


def _environment(key: RunKey, request: RunRequest, pods: TrainingPods) -> dict[str, str]:
    asked = request.model_dump_json(by_alias=True, exclude_none=True)
    if len(asked) > _LONGEST:
        message = f"the spec has {len(asked)} characters, a pod can be told {_LONGEST}: shorten the lists of columns"
        raise Refuse(TrainingReason.UNSUPPORTED_BY_ENGINE, message)
    return {
        "HOME": _SCRATCH,
        "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
        "MLFLOW_TRACKING_URI": pods.tracking_uri,
        "TRIMTAB_RUN": key.name,
        "TRIMTAB_REQUEST": asked,
        "TRIMTAB_STORE": pods.store,
    }
