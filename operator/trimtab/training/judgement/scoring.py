"""Probabilities of an ONNX model: what is judged is what is served."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from trimtab.training.judgement.columns import Column, rows_of, tensors_of

Probabilities = npt.NDArray[np.float64]
_BATCH = 65536


class Scorer:
    """An ONNX model in memory."""

    def __init__(self, content: bytes, threads: int = 1) -> None:
        import onnxruntime  # noqa: PLC0415  # a quarter of a second; only steps that score pay it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session: Any = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    @property
    def inputs(self) -> list[str]:
        """Names of the columns it takes."""
        return [node.name for node in self._session.get_inputs()]

    def score(self, columns: Mapping[str, Column]) -> Probabilities:
        """Probability of class 1, shape (rows,), from columns of shape (rows,)."""
        rows = len(next(iter(columns.values())))
        mine = {name: columns[name] for name in self.inputs}
        parts = [self._run(mine, np.arange(at, min(at + _BATCH, rows))) for at in range(0, rows, _BATCH)]
        return np.concatenate(parts) if parts else np.array([], dtype=np.float64)

    def _run(self, columns: Mapping[str, Column], rows: npt.NDArray[Any]) -> Probabilities:
        (probabilities,) = self._session.run(["probabilities"], tensors_of(rows_of(columns, rows)))
        ones: Probabilities = probabilities[:, 1].astype(np.float64)
        return ones
