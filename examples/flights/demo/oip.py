"""Open Inference Protocol v2 over REST, as far as the replay speaks it: binary tensors out, JSON back.

Binary, because JSON has no NaN, and an unknown temperature is one.
"""

import json
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

HEADER_LENGTH = "Inference-Header-Content-Length"


def encode(request_id: str, features: pd.DataFrame, parameters: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """The body of an infer request and its headers: one input of shape [rows, 1] for each column."""
    blobs = [_blob(features[name]) for name in features.columns]
    inputs = [
        {
            "name": name,
            "shape": [len(features), 1],
            "datatype": "FP32" if pd.api.types.is_numeric_dtype(features[name]) else "BYTES",
            "parameters": {"binary_data_size": len(blob)},
        }
        for name, blob in zip(features.columns, blobs, strict=True)
    ]
    header = json.dumps({"id": request_id, "parameters": parameters, "inputs": inputs}).encode()
    return header + b"".join(blobs), {HEADER_LENGTH: str(len(header)), "Content-Type": "application/octet-stream"}


def late(answer: dict[str, Any], request_id: str, rows: int) -> list[float]:
    """The probability of the label 1 for each row.

    Raises:
        ValueError: the answer is not one to this request.

    """
    if answer.get("id") != request_id:
        raise ValueError(f"asked {request_id!r}, answered {answer.get('id')!r}")
    outputs = {output["name"]: output for output in answer.get("outputs", ())}
    flat = np.asarray(outputs.get("probabilities", {}).get("data", ()), dtype=float).ravel()
    chances: list[float] = flat[1::2].tolist()
    if len(flat) != 2 * rows or not all(math.isfinite(p) and 0 <= p <= 1 for p in chances):
        raise ValueError(f"{rows} rows were sent, {len(flat)} probabilities came back")
    return chances


def _blob(column: pd.Series) -> bytes:
    if pd.api.types.is_numeric_dtype(column):
        return bytes(column.to_numpy(dtype="<f4").data)
    return b"".join(_lengthed(text.encode() for text in column))


def _lengthed(texts: Iterable[bytes]) -> Iterable[bytes]:
    for text in texts:
        yield len(text).to_bytes(4, "little")
        yield text
