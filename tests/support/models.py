"""Small real versions: fitted by scikit-learn, exported to ONNX, with a profile, as training makes them.

`python -m tests.support.models <folder> <version>…`, in the runtime's environment, makes some and says which.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from trimtab.api.inferenceservice import Monitoring, Promotion, Replicas, Shadow, Window
from trimtab.api.modelversion import Artifact, ProfileRef, Signature, Tensor
from trimtab.contract.serving import ServingPlan, VersionRef
from trimtab.drift import Outcomes, Profile

CARRIERS = ["AA", "B6", "DL"]
SIGNATURE = Signature(
    inputs=[
        Tensor(name="delay", datatype="FP32", shape=[-1, 1]),
        Tensor(name="carrier", datatype="BYTES", shape=[-1, 1]),
    ],
    outputs=[
        Tensor(name="label", datatype="INT64", shape=[-1]),
        Tensor(name="probabilities", datatype="FP32", shape=[-1, 2]),
    ],
)


def draw(rows: int, seed: int = 0, shift: float = 0.0):
    """Rows of the world the models are made for; `shift` moves the numeric input."""
    rng = np.random.default_rng(seed)
    delay = rng.normal(shift, 1, rows).astype(np.float32)
    carrier = np.array(rng.choice(CARRIERS, rows), dtype=object)
    chance = 1 / (1 + np.exp(-(2 * delay + (carrier == "B6"))))
    return {"delay": delay, "carrier": carrier}, (rng.random(rows) < chance).astype(np.int64)


def make_version(folder: Path, version: str, *, flipped: bool = False, profile: bool = True) -> VersionRef:
    """Fit and export a version; a flipped one has learned the opposite."""
    columns, labels = draw(4000, seed=int(version.replace(".", "")))
    table = np.stack([columns["delay"].astype(object), columns["carrier"]], axis=1)
    native = make_pipeline(
        ColumnTransformer([("delay", "passthrough", [0]), ("carrier", OneHotEncoder(handle_unknown="ignore"), [1])]),
        LogisticRegression(),
    ).fit(table, 1 - labels if flipped else labels)
    onnx = to_onnx(
        native,
        initial_types=[("delay", FloatTensorType([None, 1])), ("carrier", StringTensorType([None, 1]))],
        options={"zipmap": False},
    )
    onnx.graph.output[0].name, onnx.graph.output[1].name = "label", "probabilities"
    for node in onnx.graph.node:
        node.output[:] = [
            {"output_label": "label", "output_probability": "probabilities"}.get(n, n) for n in node.output
        ]
    artifact = _write(folder / f"{version}.onnx", onnx.SerializeToString())
    reference = _profile(columns, labels, native.predict_proba(table)[:, 1]) if profile else None
    return VersionRef(
        model_version=f"flights-{version}",
        version=version,
        artifact=Artifact(**artifact),
        signature=SIGNATURE,
        profile=reference
        and ProfileRef(**_write(folder / f"{version}.json", json.dumps(reference.to_json()).encode())),
    )


def make_plan(champion: VersionRef, candidate: VersionRef | None = None, **changes) -> ServingPlan:
    settings = {
        "namespace": "default",
        "name": "flights",
        "model": "flights",
        "replicas": Replicas(),
        "shadow": Shadow(),
        "promotion": Promotion(min_requests=100),
        "monitoring": Monitoring(window=Window(parameter="day")),
    }
    return ServingPlan(champion=champion, candidate=candidate, **{**settings, **changes})


def request_for(columns, **fields):
    """An infer request in JSON."""
    rows = len(columns["delay"])
    inputs = [
        {"name": "delay", "datatype": "FP32", "shape": [rows, 1], "data": columns["delay"].tolist()},
        {"name": "carrier", "datatype": "BYTES", "shape": [rows, 1], "data": columns["carrier"].tolist()},
    ]
    return {"inputs": inputs, **fields}


def _profile(columns, labels, probabilities) -> Profile:
    blocks = np.arange(len(labels)) // 100
    return Profile.build(columns, blocks, Outcomes(labels, probabilities, blocks))


def _write(path: Path, content: bytes) -> dict[str, str]:
    path.write_bytes(content)
    return {"uri": path.as_uri(), "digest": f"sha256:{hashlib.sha256(content).hexdigest()}"}


if __name__ == "__main__":
    made = {version: make_version(Path(sys.argv[1]), version).wire() for version in sys.argv[2:]}
    sys.stdout.write(json.dumps(made))
