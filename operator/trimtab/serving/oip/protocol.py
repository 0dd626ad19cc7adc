"""Requests and answers of the Open Inference Protocol v2 over REST, with the binary extension; pure.

    body ──parse_infer──► InferRequest ──model──► outputs ──render_infer──► headers, body

With the header `Inference-Header-Content-Length: n` the first n bytes are the JSON part; raw tensors follow in order.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trimtab.api.modelversion import Signature, Tensor
from trimtab.serving.oip.errors import ProtocolError
from trimtab.serving.oip.tensors import Values, from_bytes, from_json, to_bytes, to_json

LONGEST_ID = 256
"""Bytes; the monitor keeps ids until their labels are there."""
HEADER_LENGTH = b"inference-header-content-length"
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Wanted:
    """An output the client asks for."""

    name: str
    binary: bool


@dataclass(frozen=True)
class InferRequest:
    """A request that fits the signature."""

    id: str | None
    parameters: dict[str, Any]
    inputs: dict[str, Values]
    outputs: tuple[Wanted, ...]

    @property
    def rows(self) -> int:
        return len(next(iter(self.inputs.values())))


def parse_infer(body: bytes, header_length: int | None, signature: Signature) -> InferRequest:
    """Read a request and check it against the version's signature.

    Raises:
        ProtocolError: 400, saying which tensor is wrong and how.

    """
    head, raw = _split(body, header_length)
    fields = parse_object(head)
    parameters = _dictionary(fields, "parameters")
    identity = fields.get("id")
    return InferRequest(
        id=None if identity is None else parse_id(identity, "'id'") or None,
        parameters=parameters,
        inputs=_inputs(_objects(fields, "inputs"), raw, signature.inputs),
        outputs=_outputs(_objects(fields, "outputs"), signature.outputs, bool(parameters.get("binary_data_output"))),
    )


def render_infer(
    request: InferRequest, identity: str, model: str, version: str, outputs: Mapping[str, Values], signature: Signature
) -> tuple[Headers, bytes]:
    """Write the answer as the client asked for it: JSON, or JSON followed by raw tensors."""
    datatypes = {tensor.name: tensor.datatype for tensor in signature.outputs}
    described, tail = [], []
    for wanted in request.outputs:
        values = outputs[wanted.name]
        entry: dict[str, Any] = {"name": wanted.name, "datatype": datatypes[wanted.name], "shape": list(values.shape)}
        if wanted.binary:
            tail.append(to_bytes(datatypes[wanted.name], values))
            entry["parameters"] = {"binary_data_size": len(tail[-1])}
        else:
            entry["data"] = to_json(values)
        described.append(entry)
    head = json.dumps({"model_name": model, "model_version": version, "id": identity, "outputs": described}).encode()
    if not tail:
        return [(b"content-type", b"application/json")], head
    headers = [(b"content-type", b"application/octet-stream"), (HEADER_LENGTH, str(len(head)).encode())]
    return headers, b"".join((head, *tail))


def parse_object(body: bytes | memoryview) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        ProtocolError: 400.

    """
    try:
        fields = json.loads(bytes(body))
    except ValueError as error:
        raise ProtocolError(400, f"the request is not JSON: {error}") from error
    except RecursionError as error:
        raise ProtocolError(400, "the request is nested too deeply") from error
    if not isinstance(fields, dict):
        raise ProtocolError(400, "the request is not a JSON object")
    return fields


def parse_id(given: object, name: str) -> str:
    """Check the id of a request.

    Raises:
        ProtocolError: 400, if it is no text, or none that can be kept.

    """
    if not isinstance(given, str):
        raise ProtocolError(400, f"{name} is not a string")
    try:
        size = len(given.encode())
    except UnicodeEncodeError as error:
        raise ProtocolError(400, f"{name} is no Unicode text: it holds half of a surrogate pair") from error
    if size > LONGEST_ID:
        raise ProtocolError(400, f"{name} has {size} bytes, {LONGEST_ID} at most")
    return given


def _split(body: bytes, header_length: int | None) -> tuple[memoryview, memoryview]:
    view = memoryview(body)
    if header_length is None:
        return view, view[len(view) :]
    if not 0 < header_length <= len(view):
        raise ProtocolError(400, f"Inference-Header-Content-Length is {header_length}, the body has {len(view)} bytes")
    return view[:header_length], view[header_length:]


def _inputs(given: Sequence[dict[str, Any]], raw: memoryview, expected: Sequence[Tensor]) -> dict[str, Values]:
    tensors = {tensor.name: tensor for tensor in expected}
    found: dict[str, Values] = {}
    for entry in given:
        tensor = tensors.get(str(entry.get("name")))
        if tensor is None or tensor.name in found:
            fault = "is given twice" if tensor else f"is unknown; the model takes {', '.join(tensors)}"
            raise ProtocolError(400, f"input {entry.get('name')!r} {fault}")
        found[tensor.name], raw = _input(entry, raw, tensor)
    missing = [name for name in tensors if name not in found]
    if missing:
        raise ProtocolError(400, f"input {missing[0]!r} is missing")
    if len(raw):
        raise ProtocolError(400, f"{len(raw)} bytes after the last binary input")
    _check_rows(found)
    return found


def _input(entry: dict[str, Any], raw: memoryview, tensor: Tensor) -> tuple[Values, memoryview]:
    """Read one input, and return what is left of the raw bytes."""
    shape = _shape(entry, tensor)
    if entry.get("datatype") != tensor.datatype:
        raise ProtocolError(400, f"input {tensor.name!r} is {entry.get('datatype')}, the model takes {tensor.datatype}")
    size = _dictionary(entry, "parameters").get("binary_data_size")
    if size is None:
        return from_json(tensor.name, tensor.datatype, shape, entry.get("data")), raw
    if not isinstance(size, int) or not 0 <= size <= len(raw):
        raise ProtocolError(400, f"input {tensor.name!r} has binary_data_size {size!r}, {len(raw)} bytes are left")
    return from_bytes(tensor.name, tensor.datatype, shape, raw[:size]), raw[size:]


def _shape(entry: dict[str, Any], tensor: Tensor) -> list[int]:
    shape = entry.get("shape")
    if not isinstance(shape, list) or not all(type(size) is int and size >= 0 for size in shape):
        raise ProtocolError(400, f"input {tensor.name!r} needs a shape, a list of sizes")
    fits = len(shape) == len(tensor.shape) and all(
        want in (-1, size) for want, size in zip(tensor.shape, shape, strict=True)
    )
    if not fits:
        raise ProtocolError(400, f"input {tensor.name!r} has shape {shape}, the model takes {tensor.shape}")
    return shape


def _check_rows(inputs: Mapping[str, Values]) -> None:
    (first, values), *others = inputs.items()
    if len(values) == 0:
        raise ProtocolError(400, f"input {first!r} has no rows")
    for name, other in others:
        if len(other) != len(values):
            raise ProtocolError(400, f"input {name!r} has {len(other)} rows, input {first!r} has {len(values)}")


def _outputs(asked: Sequence[dict[str, Any]], offered: Sequence[Tensor], binary: bool) -> tuple[Wanted, ...]:  # noqa: FBT001  # the request's own default
    names = [tensor.name for tensor in offered]
    if not asked:
        return tuple(Wanted(name, binary) for name in names)
    for entry in asked:
        if entry.get("name") not in names:
            raise ProtocolError(400, f"output {entry.get('name')!r} is unknown; the model gives {', '.join(names)}")
    return tuple(
        Wanted(entry["name"], bool(_dictionary(entry, "parameters").get("binary_data", binary))) for entry in asked
    )


def _objects(fields: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = fields.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ProtocolError(400, f"{key!r} is not a list of objects")
    return entries


def _dictionary(fields: dict[str, Any], key: str) -> dict[str, Any]:
    value = fields.get(key) or {}
    if not isinstance(value, dict):
        raise ProtocolError(400, f"{key!r} is not an object")
    return value
