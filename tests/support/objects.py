"""Objects and reports of a small model, `late`, as users, pipelines and monitors would write them."""

from typing import Any

from trimtab.api.modelversion import Artifact, ProfileRef, Signature, Tensor
from trimtab.api.trainingrun import DataPin, GateResult
from trimtab.contract.run import RunReport, RunState
from trimtab.keys import KubeObject

NAMESPACE = "ns"
DIGEST = "sha256:" + "a" * 64
CODE = "sha256:" + "c" * 64
DRAW = "sha256:" + "d" * 64
API = "trimtab.dev/v1alpha1"


def signature(*features: str) -> Signature:
    inputs = [Tensor(name=name, datatype="FP32", shape=[-1, 1]) for name in features or ("x",)]
    return Signature(inputs=inputs, outputs=[Tensor(name="label", datatype="INT64", shape=[-1])])


def training_spec(**changes: Any) -> dict[str, Any]:
    spec = {
        "model": "late",
        "data": {"uri": "file:///data", "time": "at", "target": "y"},
        "trainer": {"entrypoint": "user:train", "hyperparameters": {"depth": 3}},
    }
    return {**spec, **changes}


def training_run(name: str = "first", namespace: str = NAMESPACE, **changes: Any) -> KubeObject:
    return {
        "apiVersion": API,
        "kind": "TrainingRun",
        "metadata": {"namespace": namespace, "name": name},
        "spec": training_spec(**changes),
    }


def service(name: str = "svc", namespace: str = NAMESPACE, **changes: Any) -> KubeObject:
    spec = {
        "model": "late",
        "version": "^1",
        "promotion": {"gates": [{"metric": "loss", "margin": 0.0}], "minRequests": 100, "deadline": "1d"},
        "monitoring": {"window": {"rows": 100}},
        "retraining": {"cooldown": "1h", "consecutiveWindows": 2},
    }
    return {
        "apiVersion": API,
        "kind": "InferenceService",
        "metadata": {"namespace": namespace, "name": name},
        "spec": {**spec, **changes},
    }


def model_version(version: str = "1.0.0", namespace: str = NAMESPACE, **changes: Any) -> KubeObject:
    spec = {
        "model": "late",
        "version": version,
        "artifact": {"uri": f"file:///models/{version}.onnx", "digest": DIGEST},
        "signature": signature().wire(),
        "profile": {"uri": f"file:///profiles/{version}", "digest": DIGEST},
        "lineage": {
            "mlflowVersion": int(version.split(".")[2]) + 1,
            "trainingSpec": training_spec(),
            "codeDigest": CODE,
        },
    }
    return {
        "apiVersion": API,
        "kind": "ModelVersion",
        "metadata": {"namespace": namespace, "name": f"late-{version}"},
        "spec": {**spec, **changes},
    }


def report(**changes: Any) -> RunReport:
    """What a pipeline that went well has found."""
    found = {
        "data": DataPin(
            uri="file:///data", revision=DIGEST, digest=DIGEST, snapshot="file:///s", rows=10, columns={"x": "float"}
        ),
        "data_valid": True,
        "trained": True,
        "metrics": {"auc": 0.7},
        "gates": [GateResult(metric="auc", passed=True, value=0.7, limit=0.6)],
        "mlflow_run_id": "r1",
        "mlflow_version": 1,
        "artifact": Artifact(uri="file:///models/m.onnx", digest=DIGEST),
        "profile": ProfileRef(uri="file:///profiles/p", digest=DIGEST),
        "signature": signature(),
        "code_digest": CODE,
        "environment_digest": DIGEST,
        "draw": DRAW,
    }
    return RunReport(**{**found, **changes})


def succeeded(**changes: Any) -> RunState:
    return RunState(phase="Succeeded", step="register", report=report(**changes))
