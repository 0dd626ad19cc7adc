"""The features exactly as the model sees them, in training, in judgement and in serving.

Numbers are float32 with NaN for missing, texts are `str` with "" for missing; nothing else reaches a model.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Column = npt.NDArray[Any]
Columns = dict[str, Column]


def columns_of(table: pa.Table, features: Sequence[str]) -> Columns:
    """Each feature's values, shape (rows,)."""
    return {name: _column(table.column(name)) for name in features}


def labels_of(table: pa.Table, target: str) -> npt.NDArray[np.int64]:
    """The target as 0 and 1, shape (rows,); it was validated before."""
    labels: npt.NDArray[np.int64] = table.column(target).cast(pa.int64()).to_numpy()
    return labels


def is_text(column: Column) -> bool:
    """Whether a column is categorical."""
    return column.dtype.kind == "O"


def rows_of(columns: Mapping[str, Column], rows: npt.NDArray[Any]) -> Columns:
    """The rows a mask or an index names."""
    return {name: column[rows] for name, column in columns.items()}


def tensors_of(columns: Mapping[str, Column]) -> Columns:
    """The columns as ONNX takes them, each of shape [rows, 1]."""
    return {name: column.reshape(-1, 1) for name, column in columns.items()}


def _column(column: pa.ChunkedArray) -> Column:
    if pa.types.is_string(column.type):
        texts: Column = pc.fill_null(column, "").to_numpy().astype(object)
        return texts
    numbers: Column = column.cast(pa.float64()).cast(pa.float32(), safe=False).to_numpy()
    return numbers
