"""Registration in MLflow: the run's record, the model, and one registered version per TrainingRun.

The registered version is found by its tag before it is made. It is made last, when everything it points at is there, so
an attempt that finds it adopts what that version's run recorded (`report.json`) instead of what it computed itself: the
registered model is the one that was judged, whichever attempt judged it.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import mlflow
import mlflow.onnx
import numpy as np
import onnx
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException, RestException
from mlflow.models import ModelSignature
from mlflow.types import Schema, TensorSpec

from trimtab import mlflow_access
from trimtab.api.modelversion import Artifact, ProfileRef, Signature
from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import RunReport, RunRequest
from trimtab.contract.told import RUN_TAG, registered_model
from trimtab.data.source import digest_of
from trimtab.data.store import Store, faults_told
from trimtab.errors import Refuse, Retry
from trimtab.training.judgement.gates import passed
from trimtab.training.record.tracking import unavailable

_MODEL, _PROFILE, _REPORT = "model", "profile.json", "report.json"
_SERVER_FAULT = 500
_DIGEST_LENGTH = 36  # of a dataset, in MLflow's database
_METRICS_A_CALL = 1000  # MLflow takes no more
_DTYPES: dict[str, np.dtype[Any]] = {"FP32": np.dtype("float32"), "INT64": np.dtype("int64"), "BYTES": np.dtype("str")}


@dataclass(frozen=True)
class Files:
    """What the steps before left to be registered."""

    model: bytes
    profile: bytes
    logged: list[tuple[str, float, int]]


def register(request: RunRequest, report: RunReport, files: Files, store: Store) -> RunReport:
    """Record the run and register its model, once; returns the report of the version that stands.

    Raises:
        Retry: TrackingUnavailable, DiskFull, StoreUnavailable.
        Refuse: TrackingUnavailable, when MLflow refuses what it is asked.

    """
    with _faults_told():
        client = MlflowClient()
        found = _registered(client, request)
        if found is not None:
            return _adopt(client, found)
        _record(client, request, report, files)
        _keep(report, files, store)
        model = _log_files(client, report, files)
        made = _create(client, request, report, model)
        return report.model_copy(update={"mlflow_model": made.name, "mlflow_version": int(made.version)})


def _registered(client: MlflowClient, request: RunRequest) -> Any:
    query = f"name = '{registered_model(request.namespace, request.spec.model)}' and tags.`{RUN_TAG}` = '{request.uid}'"
    found = client.search_model_versions(query)
    return min(found, key=lambda version: int(version.version), default=None)


def _adopt(client: MlflowClient, version: Any) -> RunReport:
    run = client.get_run(version.run_id)
    report = RunReport.model_validate_json(mlflow.artifacts.load_text(f"{run.info.artifact_uri}/{_REPORT}"))
    client.set_terminated(version.run_id)
    return report.model_copy(update={"mlflow_model": version.name, "mlflow_version": int(version.version)})


def _record(client: MlflowClient, request: RunRequest, report: RunReport, files: Files) -> None:
    run, now = _run(report), int(time.time() * 1000)
    metrics = [Metric(name, value, now, 0) for name, value in report.metrics.items()]
    metrics += [Metric(name, value, now, step) for name, value, step in files.logged]
    params = _params(client, run, request.spec.trainer.hyperparameters)
    tags = [RunTag(name, value) for name, value in _tags(request, report).items()]
    for at in range(0, len(metrics), _METRICS_A_CALL):
        client.log_batch(run, metrics=metrics[at : at + _METRICS_A_CALL])
    client.log_batch(run, params=params, tags=tags)
    client.log_inputs(run, datasets=[_dataset(report)])


def _params(client: MlflowClient, run: str, hyperparameters: dict[str, Any]) -> list[Param]:
    """The hyperparameters that the user's code has not logged itself, in MLflow's own form, so that a second may."""
    there = client.get_run(run).data.params
    return [Param(name, str(value)) for name, value in hyperparameters.items() if name not in there]


def _tags(request: RunRequest, report: RunReport) -> dict[str, str]:
    data = report.data
    pins = {"data-uri": data.uri, "data-revision": data.revision, "data-digest": data.digest} if data else {}
    facts = {
        "namespace": request.namespace,
        "training-run": request.training_run,
        "entrypoint": request.spec.trainer.entrypoint,
        "seed": str(request.spec.trainer.seed),
        "code-digest": report.code_digest or "",
        "environment-digest": report.environment_digest or "",
        "judged-by": "fits that left rows out, refitted on all" if request.spec.data.holdout.refit else "held-out rows",
        "gates": "passed" if passed(report.gates) else "failed",
        **pins,
    }
    return {f"trimtab.dev/{name}": value for name, value in facts.items()}


def _dataset(report: RunReport) -> DatasetInput:
    if report.data is None:
        raise Refuse(TrainingReason.STEP_FAILED, "the run registers a model without having pinned data")
    pin = report.data
    digest = pin.digest.removeprefix("sha256:")[:_DIGEST_LENGTH]
    source = json.dumps({"uri": pin.uri, "revision": pin.revision, "snapshot": pin.snapshot})
    columns = json.dumps({"mlflow_colspec": [{"name": name, "type": kind} for name, kind in pin.columns.items()]})
    dataset = Dataset(
        Path(urlparse(pin.uri).path).name, digest, "local", source, columns, json.dumps({"num_rows": pin.rows})
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])


def _keep(report: RunReport, files: Files, store: Store) -> None:
    """Put what will be served where the serving plane reads it, whatever MLflow does with its own copy."""
    model = store.keep_file("models", "model.onnx", files.model)
    profile = store.keep_file("profiles", _PROFILE, files.profile)
    report.artifact = Artifact(uri=model, digest=digest_of(files.model))
    report.profile = ProfileRef(uri=profile, digest=digest_of(files.profile))


def _log_files(client: MlflowClient, report: RunReport, files: Files) -> str:
    """Log model, profile and report for people who look at MLflow; returns the id of the logged model."""
    run, root = _run(report), client.get_run(_run(report)).info.artifact_uri
    with faults_told(root):
        model = _log_model(run, report.signature, files.model)
        client.log_text(run, files.profile.decode(), _PROFILE)
        client.log_text(run, report.model_dump_json(by_alias=True, exclude_none=True), _REPORT)
    return model


def _log_model(run: str, signature: Signature | None, content: bytes) -> str:
    model = onnx.load_model_from_string(content)
    if model.SerializeToString() != content:
        raise Refuse(TrainingReason.EXPORT_FAILED, "MLflow would write another file than the one that was judged")
    with mlflow.start_run(run_id=run):
        logged = mlflow.onnx.log_model(
            model,
            name=_MODEL,
            signature=_schema(signature) if signature else None,
            pip_requirements=[f"{name}=={installed(name)}" for name in ("onnx", "onnxruntime")],
            onnx_execution_providers=["CPUExecutionProvider"],
            save_as_external_data=False,
        )
    return str(logged.model_id)


def _schema(signature: Signature) -> ModelSignature:
    inputs, outputs = (
        Schema([TensorSpec(_DTYPES[tensor.datatype], tuple(tensor.shape), tensor.name) for tensor in tensors])
        for tensors in (signature.inputs, signature.outputs)
    )
    return ModelSignature(inputs=inputs, outputs=outputs)


def _create(client: MlflowClient, request: RunRequest, report: RunReport, model: str) -> ModelVersion:
    name, run = registered_model(request.namespace, request.spec.model), _run(report)
    try:
        client.create_registered_model(name)
    except RestException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    tags = {RUN_TAG: request.uid, **_tags(request, report)}
    made = client.create_model_version(name, f"models:/{model}", run, tags=tags, model_id=model)
    client.set_terminated(run)
    return made


@contextmanager
def _faults_told() -> Iterator[None]:
    """MLflow that does not answer is worth another attempt; what it refuses is not."""
    try:
        yield
    except RestException as error:
        status: int = error.get_http_status_code()  # type: ignore[no-untyped-call]  # MLflow
        if status in mlflow_access.PASSING:
            message = mlflow_access.passing(status, " ".join(str(error).split())[:120])
            raise Retry(TrainingReason.TRACKING_UNAVAILABLE, message) from error
        if status >= _SERVER_FAULT:
            raise unavailable(mlflow.get_tracking_uri(), error) from error
        message = f"MLflow refused the registration: {' '.join(str(error).split())[:200]}"
        raise Refuse(TrainingReason.TRACKING_UNAVAILABLE, message) from error
    except MlflowException as error:
        raise unavailable(mlflow.get_tracking_uri(), error) from error


def _run(report: RunReport) -> str:
    if report.mlflow_run_id is None:
        raise Refuse(TrainingReason.STEP_FAILED, "the run registers a model without an MLflow run")
    return report.mlflow_run_id
