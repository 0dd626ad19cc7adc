import json

import pytest

from tests.runtime_unit.serving.plane import call
from tests.support.models import draw, request_for
from trimtab.serving.oip import asgi
from trimtab.serving.oip.asgi import Endpoint


class FakeBackend:
    """Answers whatever it was told to, and remembers what reached it."""

    def __init__(self, answer=([], b"{}")):
        self.answer, self.ready, self.closed, self.bodies = answer, True, False, []

    def metadata(self, model, version):
        return {"name": model, "versions": [version]}

    async def infer(self, model, version, body, header_length):
        self.bodies.append((model, version, body, header_length))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def monitor(self):
        return {}

    async def close(self):
        self.closed = True


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/v2", 200, {"name": "trimtab", "version": "2.0", "extensions": ["binary_tensor_data"]}),
        ("/v2/", 200, {"name": "trimtab", "version": "2.0", "extensions": ["binary_tensor_data"]}),
        ("/v2/health/live", 200, {"live": True}),
        ("/v2/health/ready", 200, {"ready": True}),
        ("/v2/models/flights/ready", 200, {"name": "flights", "ready": True}),
        ("/v2/models/flights/versions/1.0.0/ready", 200, {"name": "flights", "ready": True}),
        ("/v2/models/planes", 404, {"error": "there is no model 'planes', this endpoint serves 'flights'"}),
        ("/v2/models/flights/versions/3", 404, {"error": "version '3' of 'flights' is not served, '1.0.0' is"}),
        ("/v1", 404, {"error": "there is no GET /v1"}),
        ("/v2/models/flights/infer", 404, {"error": "there is no GET /v2/models/flights/infer"}),
    ],
)
async def test_a_path_is_answered_as_the_protocol_says(plane, path, status, body):
    answered, headers, content = await plane.call("GET", path)
    assert (answered, json.loads(content)) == (status, body)
    assert headers[b"content-type"] == b"application/json"
    assert headers[b"content-length"] == str(len(content)).encode()


async def test_metadata_are_the_signature(plane):
    _, _, body = await plane.call("GET", "/v2/models/flights", root="/default/flights")
    assert json.loads(body) == {
        "name": "flights",
        "versions": ["1.0.0"],
        "platform": "onnx",
        "inputs": [
            {"name": "delay", "datatype": "FP32", "shape": [-1, 1]},
            {"name": "carrier", "datatype": "BYTES", "shape": [-1, 1]},
        ],
        "outputs": [
            {"name": "label", "datatype": "INT64", "shape": [-1]},
            {"name": "probabilities", "datatype": "FP32", "shape": [-1, 2]},
        ],
    }


async def test_an_id_is_echoed_and_one_is_made_where_there_is_none(plane):
    columns, _ = draw(2)
    assert (await plane.infer(columns, id="mine"))[1]["id"] == "mine"
    assert len((await plane.infer(columns))[1]["id"]) == 32


async def test_a_bad_request_is_answered_400_with_its_fault(plane):
    request = request_for(draw(2)[0])
    request["inputs"][0]["datatype"] = "INT64"
    status, _, body = await plane.call("POST", "/v2/models/flights/infer", request)
    assert (status, json.loads(body)) == (400, {"error": "input 'delay' is INT64, the model takes FP32"})


@pytest.mark.parametrize(
    ("identity", "fault"),
    [
        (7, "'id' is not a string"),
        ("\ud800", "'id' is no Unicode text: it holds half of a surrogate pair"),
        ("é" * 129, "'id' has 258 bytes, 256 at most"),
    ],
)
async def test_an_id_that_cannot_be_kept_is_refused(plane, identity, fault):
    status, body = await plane.infer(draw(2)[0], id=identity)
    assert (status, body) == (400, {"error": fault})


async def test_a_request_nested_too_deeply_is_refused(plane):
    status, _, body = await plane.call("POST", "/v2/models/flights/infer", b'{"a":' + b"[" * 200_000)
    assert (status, json.loads(body)) == (400, {"error": "the request is nested too deeply"})


async def test_a_model_that_fails_is_a_500_without_its_secrets():
    backend = FakeBackend(RuntimeError("password=1234"))
    status, _, body = await call(Endpoint(backend), "POST", "/v2/models/m/infer", b"{}")
    assert status == 500
    assert json.loads(body) == {"error": "the model failed on this request; see the server's log"}


async def test_a_request_too_large_is_a_413(monkeypatch):
    monkeypatch.setattr(asgi, "MOST_BYTES", 10)
    status, _, body = await call(Endpoint(FakeBackend()), "POST", "/v2/models/m/infer", b"x" * 11)
    assert (status, json.loads(body)) == (413, {"error": "the request is larger than 10 bytes"})


async def test_a_body_in_parts_and_its_header_length_reach_the_model_whole():
    backend = FakeBackend()
    headers = [(b"Inference-Header-Content-Length", b"3")]
    await call(Endpoint(backend), "POST", "/v2/models/m/versions/1.0.0/infer", b"abcdef", headers)
    assert backend.bodies == [("m", "1.0.0", b"abcdef", 3)]


async def test_a_header_length_that_is_no_number_is_refused():
    headers = [(b"inference-header-content-length", b"-3")]
    status, _, _ = await call(Endpoint(FakeBackend()), "POST", "/v2/models/m/infer", b"abc", headers)
    assert status == 400


async def test_the_backend_is_closed_with_the_server():
    backend, sent = FakeBackend(), []
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message["type"])

    await Endpoint(backend)({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert backend.closed


@pytest.mark.parametrize(
    ("feedback", "fault"),
    [
        ({}, "'feedback' is not a list"),
        ({"feedback": [{"labels": [1]}]}, "feedback 0 has no 'id', the id of its request"),
        ({"feedback": [{"id": "x" * 257, "labels": [1]}]}, "the 'id' of feedback 0 has 257 bytes, 256 at most"),
        ({"feedback": [{"id": "a", "labels": [2]}]}, "feedback 0 ('a') needs 'labels', a list of 0 and 1"),
        ({"feedback": [{"id": "a", "labels": []}]}, "feedback 0 ('a') needs 'labels', a list of 0 and 1"),
    ],
)
async def test_labels_that_make_no_sense_are_refused(plane, feedback, fault):
    status, _, body = await plane.call("POST", "/v2/models/flights/feedback", feedback)
    assert (status, json.loads(body)) == (400, {"error": fault})
