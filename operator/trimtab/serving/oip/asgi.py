"""The endpoint: raw ASGI, no framework between bytes and model. Every answer is JSON (or OIP binary), errors too.

GET  /v2, /v2/, /v2/health/live, /v2/health/ready
GET  /v2/models/{model}[/versions/{version}][/ready]
POST /v2/models/{model}[/versions/{version}]/infer
POST /v2/models/{model}/feedback       labels by request id
GET  /monitor                          what the operator reads
"""

import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import asdict
from typing import Any, Protocol

from trimtab.serving.oip.errors import ProtocolError
from trimtab.serving.oip.feedback import Feedback, Receipt, parse_feedback
from trimtab.serving.oip.protocol import HEADER_LENGTH, Headers

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Reply = tuple[int, Headers, bytes]

JSON: Headers = [(b"content-type", b"application/json")]
MOST_BYTES = 64 * 1024 * 1024
"""A larger request is refused before it is read to its end."""

_log = logging.getLogger(__name__)


class Backend(Protocol):
    """What stands behind the endpoint."""

    @property
    def ready(self) -> bool: ...

    def metadata(self, model: str, version: str | None) -> dict[str, Any]:
        """Describe the model; 404 if it is not the one that is served, 503 while nothing is loaded."""
        ...

    async def infer(
        self, model: str, version: str | None, body: bytes, header_length: int | None
    ) -> tuple[Headers, bytes]: ...
    async def feedback(self, model: str, labels: list[Feedback]) -> Receipt: ...
    async def monitor(self) -> dict[str, Any]: ...
    async def close(self) -> None: ...


class Endpoint:
    """An ASGI application over a backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            status, headers, body = await self._reply(scope, receive)
            sized = [*headers, (b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": status, "headers": sized})
            await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        """Answer the server's start and stop."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._backend.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        try:
            return await self._route(scope, receive)
        except ProtocolError as error:
            return _json({"error": error.message}, error.status)
        except Exception:  # noqa: BLE001  # whatever a model throws must be an answer to the client
            _log.exception("a request failed")
            return _json({"error": "the model failed on this request; see the server's log"}, 500)

    async def _route(self, scope: Scope, receive: Receive) -> Reply:
        parts = scope["path"].removeprefix(scope.get("root_path", "")).strip("/").split("/")
        match scope["method"], parts:
            case "GET", ["monitor"]:
                return _json(await self._backend.monitor())
            case "GET", ["v2"]:
                return _json({"name": "trimtab", "version": "2.0", "extensions": ["binary_tensor_data"]})
            case "GET", ["v2", "health", "live"]:
                return _json({"live": True})
            case "GET", ["v2", "health", "ready"]:
                return _json({"ready": self._backend.ready}, 200 if self._backend.ready else 503)
            case method, ["v2", "models", model, "versions", version, *verb]:
                return await self._model(method, model, version, verb, scope, receive)
            case method, ["v2", "models", model, *verb]:
                return await self._model(method, model, None, verb, scope, receive)
        raise ProtocolError(404, f"there is no {scope['method']} {scope['path']}")

    async def _model(
        self, method: str, model: str, version: str | None, verb: list[str], scope: Scope, receive: Receive
    ) -> Reply:
        match method, verb:
            case "GET", []:
                return _json(self._backend.metadata(model, version))
            case "GET", ["ready"]:
                return _json({"name": self._backend.metadata(model, version)["name"], "ready": True})
            case "POST", ["infer"]:
                body = await _body(receive)
                headers, answer = await self._backend.infer(model, version, body, _header_length(scope))
                return 200, headers, answer
            case "POST", ["feedback"] if version is None:
                labels = parse_feedback(await _body(receive))
                return _json(asdict(await self._backend.feedback(model, labels)))
        raise ProtocolError(404, f"there is no {method} {scope['path']}")


async def _body(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ProtocolError(400, "the client left before its request was complete")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise ProtocolError(413, f"the request is larger than {MOST_BYTES} bytes")
        more = message.get("more_body", False)
    return b"".join(parts)


def _header_length(scope: Scope) -> int | None:
    text = next((value for name, value in scope["headers"] if name.lower() == HEADER_LENGTH), None)
    if text is None:
        return None
    if not text.isdigit():
        raise ProtocolError(400, "Inference-Header-Content-Length is not a number")
    return int(text)


def _json(answer: dict[str, Any], status: int = 200) -> Reply:
    return status, JSON, json.dumps(answer).encode()
