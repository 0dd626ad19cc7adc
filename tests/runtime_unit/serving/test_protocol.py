import json

import numpy as np
import pytest

from tests.support.models import SIGNATURE, draw, request_for
from trimtab.serving.oip.errors import ProtocolError
from trimtab.serving.oip.protocol import parse_infer, render_infer

OUTPUTS = {"label": np.array([1, 0]), "probabilities": np.array([[0.25, 0.75], [0.5, 0.5]], dtype=np.float32)}


def parse(request, header_length=None):
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    return parse_infer(body, header_length, SIGNATURE)


def changed(**fields):
    """A good request whose first input has other fields."""
    request = request_for(draw(2)[0])
    request["inputs"][0].update(fields)
    return request


def refusal(request, header_length=None):
    with pytest.raises(ProtocolError) as caught:
        parse(request, header_length)
    assert caught.value.status == 400
    return caught.value.message


def test_a_request_that_fits_is_read():
    columns, _ = draw(3)
    request = parse(request_for(columns, id="a", parameters={"day": "2013-03-01"}))
    assert (request.id, request.parameters, request.rows) == ("a", {"day": "2013-03-01"}, 3)
    assert np.array_equal(request.inputs["delay"].ravel(), columns["delay"])
    assert request.inputs["carrier"].ravel().tolist() == columns["carrier"].tolist()


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": "dely"}, "input 'dely' is unknown; the model takes delay, carrier"),
        ({"name": "carrier", "datatype": "BYTES", "data": ["AA", "AA"]}, "input 'carrier' is given twice"),
        ({"datatype": "FP64"}, "input 'delay' is FP64, the model takes FP32"),
        ({"shape": [2]}, "input 'delay' has shape [2], the model takes [-1, 1]"),
        ({"shape": [1, 2]}, "input 'delay' has shape [1, 2], the model takes [-1, 1]"),
        ({"shape": None}, "input 'delay' needs a shape, a list of sizes"),
        ({"shape": [-2, 1]}, "input 'delay' needs a shape, a list of sizes"),
        ({"shape": [1, 1], "data": [0.5]}, "input 'carrier' has 2 rows, input 'delay' has 1"),
        ({"shape": [0, 1], "data": []}, "input 'delay' has no rows"),
        ({"parameters": {"binary_data_size": 8}}, "input 'delay' has binary_data_size 8, 0 bytes are left"),
    ],
)
def test_an_input_that_does_not_fit_is_named(fields, fault):
    assert refusal(changed(**fields)) == fault


def test_a_missing_input_is_named():
    request = request_for(draw(2)[0])
    del request["inputs"][1]
    assert refusal(request) == "input 'carrier' is missing"


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        (b"{", "the request is not JSON"),
        (b"[]", "the request is not a JSON object"),
        ({"inputs": 1}, "'inputs' is not a list of objects"),
        ({"inputs": [], "parameters": 1}, "'parameters' is not an object"),
        ({"inputs": [], "id": 7}, "'id' is not a string"),
        ({"inputs": []}, "input 'delay' is missing"),
    ],
)
def test_what_is_no_request_is_refused(request_, fault):
    assert fault in refusal(request_)


def test_an_unknown_output_is_named():
    request = request_for(draw(2)[0], outputs=[{"name": "odds"}])
    assert refusal(request) == "output 'odds' is unknown; the model gives label, probabilities"


def test_binary_inputs_follow_the_json_part_in_order():
    raw = np.array([1.5, 2.5], dtype="<f4").tobytes()
    head = json.dumps(changed(parameters={"binary_data_size": len(raw)})).encode()
    assert parse(head + raw, len(head)).inputs["delay"].ravel().tolist() == [1.5, 2.5]
    assert refusal(head + raw + b"x", len(head)) == "1 bytes after the last binary input"
    assert "the body has" in refusal(head, len(head) + 1)


def test_all_outputs_are_given_when_none_is_asked_for():
    request = parse(request_for(draw(2)[0]))
    headers, body = render_infer(request, "a", "flights", "1.0.0", OUTPUTS, SIGNATURE)
    assert headers == [(b"content-type", b"application/json")]
    assert json.loads(body) == {
        "model_name": "flights",
        "model_version": "1.0.0",
        "id": "a",
        "outputs": [
            {"name": "label", "datatype": "INT64", "shape": [2], "data": [1, 0]},
            {"name": "probabilities", "datatype": "FP32", "shape": [2, 2], "data": [0.25, 0.75, 0.5, 0.5]},
        ],
    }


def test_an_output_may_be_binary_beside_another_in_json():
    asked = [{"name": "probabilities", "parameters": {"binary_data": True}}, {"name": "label"}]
    request = parse(request_for(draw(2)[0], outputs=asked))
    headers, body = render_infer(request, "a", "flights", "1.0.0", OUTPUTS, SIGNATURE)
    length = int(dict(headers)[b"inference-header-content-length"])
    outputs = json.loads(body[:length])["outputs"]
    assert [output["name"] for output in outputs] == ["probabilities", "label"]
    assert outputs[0]["parameters"] == {"binary_data_size": 16}
    assert body[length:] == OUTPUTS["probabilities"].tobytes()


def test_binary_output_may_be_asked_for_once_for_all():
    request = parse(request_for(draw(2)[0], parameters={"binary_data_output": True}))
    assert [wanted.binary for wanted in request.outputs] == [True, True]
