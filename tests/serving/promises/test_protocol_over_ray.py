import numpy as np
import pytest
from tritonclient import http as triton

from tests.support.models import draw, make_plan, request_for


@pytest.fixture
async def serving(service, versions):
    await service.serve(make_plan(versions["1.0.0"]))
    return service


async def test_an_unmodified_triton_client_infers_in_binary(serving):
    columns, _ = draw(5)
    tensors = [triton.InferInput("delay", [5, 1], "FP32"), triton.InferInput("carrier", [5, 1], "BYTES")]
    for tensor in tensors:
        tensor.set_data_from_numpy(columns[tensor.name()].reshape(5, 1))
    client = triton.InferenceServerClient(serving.url.removeprefix("http://"))
    try:
        assert client.is_model_ready("flights")
        answer = client.infer("flights", tensors)
    finally:
        client.close()
    assert answer.get_response()["model_version"] == "1.0.0"
    assert answer.as_numpy("label").shape == (5,)
    np.testing.assert_allclose(answer.as_numpy("probabilities").sum(axis=1), 1, rtol=1e-5)


async def test_json_is_answered_with_the_version_and_the_id(serving):
    status, answer = await serving.infer(draw(3)[0], id="mine")
    assert (status, answer["id"], answer["model_name"], answer["model_version"]) == (200, "mine", "flights", "1.0.0")
    shapes = {output["name"]: output["shape"] for output in answer["outputs"]}
    assert shapes == {"label": [3], "probabilities": [3, 2]}


async def test_a_tensor_the_model_does_not_know_is_refused_by_its_name(serving):
    request = request_for(draw(3)[0])
    request["inputs"][0]["name"] = "delya"
    status, answer = await serving.post("infer", request)
    assert status == 400
    assert list(answer) == ["error"]
    assert "delya" in answer["error"]
