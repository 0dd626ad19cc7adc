"""A version in memory: ONNX, decided by parsing the bytes, run by onnxruntime on one thread.

The contract with training: outputs `label` INT64 [-1] and `probabilities` FP32 [-1, 2]; an input for each feature, of
shape [-1, 1].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # has no stubs

from trimtab.api.modelversion import Signature, Tensor
from trimtab.contract.serving import VersionRef
from trimtab.drift import Profile
from trimtab.serving.oip.tensors import TYPES
from trimtab.serving.version.artifacts import fetch, fetch_profile
from trimtab.serving.version.errors import VersionError

Tensors = Mapping[str, npt.NDArray[np.generic]]
Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Answer:
    """What a model says of some rows."""

    outputs: dict[str, npt.NDArray[np.generic]]

    @property
    def probabilities(self) -> Probabilities:
        """Probability of 1, shape (rows,)."""
        return np.asarray(self.outputs["probabilities"], dtype=np.float32)[:, 1]


@dataclass(frozen=True)
class Model:
    """A version that is loaded."""

    ref: VersionRef
    session: ort.InferenceSession
    profile: Profile | None

    @classmethod
    def load(cls, ref: VersionRef) -> Self:
        """Fetch, check and load a version.

        Raises:
            VersionError: a file cannot be read, was changed, is no ONNX, or its tensors are not the registered ones.

        """
        session = _open(fetch(ref.artifact), ref.artifact.uri)
        fault = _unlike(session, ref.signature)
        if fault:
            raise VersionError(f"{ref.artifact.uri!r}: {fault}")
        model = cls(ref, session, fetch_profile(ref.profile) if ref.profile else None)
        _prove(model)
        return model

    def run(self, inputs: Tensors) -> Answer:
        """Answer rows; each input has the shape the signature says."""
        names = [tensor.name for tensor in self.ref.signature.outputs]
        return Answer(dict(zip(names, self.session.run(names, dict(inputs)), strict=True)))


def _open(content: bytes, uri: str) -> ort.InferenceSession:
    """Parse bytes as ONNX and nothing else; one thread, as replicas are how serving scales."""
    try:
        onnx.checker.check_model(onnx.load_model_from_string(content))
    except (DecodeError, onnx.checker.ValidationError) as error:
        raise VersionError(f"{uri!r} is no ONNX model: {error}") from error
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except ort.capi.onnxruntime_pybind11_state.Fail as error:
        raise VersionError(f"{uri!r} cannot be run: {error}") from error


def _unlike(session: ort.InferenceSession, signature: Signature) -> str | None:
    """Name the first way in which the file's tensors are not the signature's."""
    for kind, have, want in (
        ("inputs", session.get_inputs(), signature.inputs),
        ("outputs", session.get_outputs(), signature.outputs),
    ):
        names, wanted = {tensor.name for tensor in have}, {tensor.name for tensor in want}
        missing = sorted(wanted - names) or (sorted(names - wanted) if kind == "inputs" else [])
        if missing:
            return f"{kind} {', '.join(missing)} are not the same in file and signature"
    return None


def _prove(model: Model) -> None:
    """Let a version answer one row of zeros and empty texts, so that what is put in place is known to answer."""
    inputs = {tensor.name: _blank(tensor) for tensor in model.ref.signature.inputs}
    answer = model.run(inputs).outputs.get("probabilities")
    if answer is None or answer.shape != (1, 2):
        raise VersionError(f"{model.ref.artifact.uri!r} gives no 'probabilities' of shape [-1, 2]")


def _blank(tensor: Tensor) -> npt.NDArray[np.generic]:
    shape = [1 if size < 0 else size for size in tensor.shape]
    return np.full(shape, "" if tensor.datatype == "BYTES" else 0, dtype=TYPES[tensor.datatype])
