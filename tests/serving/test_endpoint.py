"""The endpoint as clients see it, through Ray Serve's own proxy."""

import concurrent.futures
import threading

import numpy as np
import pytest
import tritonclient.http as triton

from tests.support.models import draw, make_plan
from trimtab.api.inferenceservice import Shadow

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def client(service, versions):
    service.put(make_plan(versions["1.0.0"]))
    with triton.InferenceServerClient(service.url.removeprefix("http://")) as client:
        yield client


def tensors(rows, binary):
    columns, _ = draw(rows)
    inputs = [triton.InferInput("delay", [rows, 1], "FP32"), triton.InferInput("carrier", [rows, 1], "BYTES")]
    for tensor, values in zip(inputs, columns.values(), strict=True):
        tensor.set_data_from_numpy(values.reshape(-1, 1), binary_data=binary)
    return inputs


def test_an_unmodified_client_finds_the_model(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("flights")
    assert not client.is_model_ready("planes")
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    assert client.get_model_metadata("flights", "1.0.0")["versions"] == ["1.0.0"]


def test_an_unmodified_client_infers_in_binary_as_in_json(client):
    answers = [client.infer("flights", tensors(20, binary), request_id="mine") for binary in (True, False)]
    first, second = (answer.as_numpy("probabilities") for answer in answers)
    assert np.array_equal(first, second)
    assert first.shape == (20, 2)
    assert answers[0].get_response()["id"] == "mine"
    assert answers[0].get_response()["model_version"] == "1.0.0"


def test_an_unmodified_client_is_told_what_is_wrong(client):
    wrong = triton.InferInput("delay", [1, 1], "FP64")
    wrong.set_data_from_numpy(np.zeros((1, 1)))
    with pytest.raises(triton.InferenceServerException, match=r"\[400\] input 'delay' is FP64, the model takes FP32"):
        client.infer("flights", [wrong])
    with pytest.raises(triton.InferenceServerException, match=r"\[404\] version '9.9.9' of 'flights' is not served"):
        client.infer("flights", tensors(1, binary=True), model_version="9.9.9")


def test_a_promotion_under_load_drops_no_request(service, versions):
    service.put(make_plan(versions["1.0.0"], versions["1.1.0"]))
    enough = threading.Event()

    def user(number):
        served = []
        while not enough.is_set():
            served.append(service.infer(seed=number, parameters={"day": 1})[0]["model_version"])
        return served

    with concurrent.futures.ThreadPoolExecutor(4) as users:
        running = [users.submit(user, number) for number in range(4)]
        try:
            service.put(make_plan(versions["1.1.0"]))
        finally:
            enough.set()
        served = [version for future in running for version in future.result()]
    assert set(served) == {"1.0.0", "1.1.0"}


def test_a_dead_shadow_costs_the_champion_nothing(service, versions):
    service.put(make_plan(versions["1.0.0"], versions["1.1.0"], shadow=Shadow(timeout="200ms")))
    kill_replica(service, "Shadow")
    for day in range(20):
        assert service.infer(seed=day, parameters={"day": 100 + day})[0]["model_version"] == "1.0.0"
    service.until(lambda: (report := service.report()) and report.candidate.version == "1.1.0")


def test_a_candidate_that_cannot_be_loaded_is_told_and_costs_nothing(service, versions):
    changed = versions["1.1.0"].artifact.model_copy(update={"digest": "sha256:" + "0" * 64})
    bad = versions["1.1.0"].model_copy(update={"version": "1.2.0", "artifact": changed})
    service.wait(service.engine.apply(make_plan(versions["1.0.0"], bad)))
    report = service.until(lambda: (report := service.report()) and report.candidate.error and report)
    assert "the file was changed" in report.candidate.error
    assert service.infer()[0]["model_version"] == "1.0.0"


def test_a_killed_monitor_forgets_nothing(service, versions):
    service.put(make_plan(versions["1.0.0"], versions["1.1.0"]))
    service.live(range(200, 204))
    service.until(lambda: (report := service.report()).comparison.labelled >= 300 and report.drift.windows >= 3)
    before = service.report()
    kill_replica(service, "Monitor")
    after = service.until(service.report)
    assert after.drift.windows == before.drift.windows
    assert after.comparison == before.comparison
    service.live([204])
    service.until(lambda: service.report().comparison.labelled == before.comparison.labelled + 100)


def kill_replica(service, deployment: str) -> None:
    """Kill the process of a deployment's replica, as the kernel would when memory is short."""
    app = service.wait(service.engine.status())["applications"]["default_flights"]
    (replica,) = app["deployments"][deployment]["replicas"]
    service.head.kill(replica["pid"])
