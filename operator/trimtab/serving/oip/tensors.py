"""One tensor of the Open Inference Protocol v2, from and to JSON or raw bytes.

JSON data may be flat or nested, in row-major order; null is NaN in FP and "" in BYTES. Raw bytes are little-endian;
BYTES are a 32-bit length and UTF-8 text for each element. In memory BYTES are arrays of `str`, as in onnxruntime.
"""

import math
import struct
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from trimtab.serving.oip.errors import ProtocolError

Values = npt.NDArray[np.generic]

TYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype("?"),
    "INT32": np.dtype("<i4"),
    "INT64": np.dtype("<i8"),
    "FP32": np.dtype("<f4"),
    "FP64": np.dtype("<f8"),
    "BYTES": np.dtype(object),
}
_ELEMENTS: dict[str, tuple[type, ...]] = {
    "BOOL": (bool,),
    "INT32": (int,),
    "INT64": (int,),
    "FP32": (float, int, type(None)),
    "FP64": (float, int, type(None)),
    "BYTES": (str, type(None)),
}


def from_json(name: str, datatype: str, shape: Sequence[int], data: Any) -> Values:
    """Read the `data` of a tensor.

    Raises:
        ProtocolError: 400, naming the tensor and what is wrong with it.

    """
    flat = list(_flat(name, data))
    if len(flat) != math.prod(shape):
        raise ProtocolError(
            400, f"input {name!r} holds {len(flat)} elements, shape {list(shape)} needs {math.prod(shape)}"
        )
    strange = {type(value) for value in flat} - set(_ELEMENTS[datatype])
    if strange:
        raise ProtocolError(
            400, f"input {name!r} is {datatype} and cannot hold {min(kind.__name__ for kind in strange)}"
        )
    if datatype == "BYTES":
        flat = ["" if value is None else value for value in flat]
    try:
        return np.array(flat, dtype=TYPES[datatype]).reshape(shape)
    except OverflowError as error:
        raise ProtocolError(400, f"input {name!r} holds a number too large for {datatype}") from error


def from_bytes(name: str, datatype: str, shape: Sequence[int], raw: memoryview) -> Values:
    """Read a tensor of the binary extension.

    Raises:
        ProtocolError: 400, naming the tensor and what is wrong with it.

    """
    elements = math.prod(shape)
    if datatype == "BYTES":
        texts = _texts(name, raw)
        if len(texts) == elements:
            return np.array(texts, dtype=object).reshape(shape)
        raise ProtocolError(400, f"input {name!r} holds {len(texts)} texts, shape {list(shape)} needs {elements}")
    dtype = TYPES[datatype]
    if len(raw) != elements * dtype.itemsize:
        needs = elements * dtype.itemsize
        raise ProtocolError(
            400, f"input {name!r} has {len(raw)} bytes, {datatype} of shape {list(shape)} needs {needs}"
        )
    return np.frombuffer(raw, dtype=dtype).reshape(shape)


def to_json(values: Values) -> list[Any]:
    """Write a tensor as flat JSON data; NaN and infinities, which JSON has not, are null."""
    flat: list[Any] = values.ravel().tolist()
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        return [value if math.isfinite(value) else None for value in flat]
    return flat


def to_bytes(datatype: str, values: Values) -> bytes:
    """Write a tensor as raw bytes."""
    if datatype != "BYTES":
        return values.astype(TYPES[datatype], copy=False).tobytes()
    texts = [str(text).encode() for text in values.ravel()]
    return b"".join(struct.pack("<I", len(text)) + text for text in texts)


def _flat(name: str, data: Any) -> Iterable[Any]:
    """Return the elements of flat or nested data; each level must hold lists only, or elements only."""
    if not isinstance(data, list):
        raise ProtocolError(400, f"input {name!r} needs its data as a list")
    level: Sequence[Any] = data
    while level and isinstance(level[0], list):
        if not all(isinstance(part, list) for part in level):
            raise ProtocolError(400, f"input {name!r} mixes lists and elements in its data")
        level = list(chain.from_iterable(level))
    return level


def _texts(name: str, raw: memoryview) -> list[str]:
    texts, at = [], 0
    try:
        while at < len(raw):
            (length,) = struct.unpack_from("<I", raw, at)
            text = raw[at + 4 : at + 4 + length]
            if len(text) != length:
                raise ProtocolError(400, f"input {name!r} ends within a text")
            texts.append(str(text, "utf-8"))
            at += 4 + length
    except (struct.error, UnicodeDecodeError) as error:
        raise ProtocolError(400, f"input {name!r} is not length-prefixed UTF-8: {error}") from error
    return texts
