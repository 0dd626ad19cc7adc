"""A run that does well, from rows to a registered model, and what happens when it is asked for again."""

import hashlib
import os
import signal
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.support.waiting import until_async
from trimtab.contract.run import RunState

pytestmark = pytest.mark.timeout(300)  # up to two whole runs in a test, on a machine that may be busy


def content_of(uri: str) -> bytes:
    return Path(urlparse(uri).path).read_bytes()


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def versions_of(client, request) -> list[int]:
    return [int(version.version) for version in client.search_model_versions(f"name = 'team.{request.spec.model}'")]


async def test_a_run_ends_with_its_data_pinned_its_metrics_and_its_files_named_by_digest(runs, rows):
    state = await runs.end_of(runs.request("sound"))
    assert (state.phase, state.failure) == ("Succeeded", None)
    report = state.report
    assert (report.data.uri, report.data.rows) == (rows.as_uri(), 800)
    assert pq.read_table(Path(urlparse(report.data.snapshot).path)).num_rows == 800
    assert report.metrics["auc"] > 0.8
    for file in (report.artifact, report.profile):
        assert file.digest == digest_of(content_of(file.uri))


@pytest.mark.usefixtures("client")
async def test_the_registered_model_is_loaded_without_a_pickle_and_answers(runs):
    import mlflow  # noqa: PLC0415  # seconds; only this test needs it

    await runs.end_of(runs.request("sound"))
    mlflow.onnx.load_model("models:/team.sound/1")
    answer = mlflow.pyfunc.load_model("models:/team.sound/1").predict(
        {
            "delay": np.array([[2.0], [-2.0], [np.nan]], dtype=np.float32),
            "carrier": np.array([["B6"], ["AA"], [""]], dtype=str),
        }
    )
    assert answer["label"].tolist()[:2] == [1, 0]
    assert answer["probabilities"].sum(axis=1) == pytest.approx(1)


async def test_starting_a_run_twice_is_one_run_and_one_version(runs, client, key_of):
    request = runs.request("twice")
    await runs.engine.start(key_of(request), request)
    await runs.engine.start(key_of(request), request)
    state = await runs.over(key_of(request))
    await runs.engine.start(key_of(request), request)
    assert await runs.engine.find(key_of(request)) == state
    assert versions_of(client, request) == [state.report.mlflow_version]
    assert state.report.mlflow_model == f"team.{request.spec.model}"
    assert len(client.search_runs([client.get_run(state.report.mlflow_run_id).info.experiment_id])) == 1


async def test_an_attempt_that_finds_the_version_made_adopts_it(runs, client):
    request = runs.request("sound")
    first, second = await runs.end_of(request), await runs.end_of(request, attempt=1)
    assert second.phase == "Succeeded"
    assert second.report == first.report
    assert versions_of(client, request) == [first.report.mlflow_version]


async def test_a_killed_run_is_interrupted_and_its_next_attempt_makes_the_only_version(runs, client, tmp_path, key_of):
    began, go_on = tmp_path / "began", tmp_path / "go_on"
    hyperparameters = {"began": str(began), "go_on": str(go_on)}
    request = runs.request("killed", function="patient", hyperparameters=hyperparameters)
    await runs.engine.start(key_of(request), request)
    await until_async(began.exists, "the training begins", patience=100)
    os.kill(holder_of(runs, key_of(request)), signal.SIGKILL)
    killed: RunState = await runs.over(key_of(request))
    assert (killed.phase, killed.failure.reason, killed.failure.step) == ("Failed", "Interrupted", "train")
    assert killed.failure.retryable
    assert versions_of(client, request) == []

    go_on.touch()
    second = await runs.end_of(request, attempt=1)
    assert second.phase == "Succeeded"
    assert second.report.mlflow_run_id is not None
    assert versions_of(client, request) == [second.report.mlflow_version]
    assert len(client.search_runs([client.get_run(second.report.mlflow_run_id).info.experiment_id])) == 1


def holder_of(runs, key) -> int:
    return int((runs.engine.log_path(key).parent / "run.lock").read_text())
