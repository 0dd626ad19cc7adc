"""The port `Pipelines`: every engine keeps the same promises, with real runs over real data in S3."""

import hashlib

import pytest

from tests.support.runs import key_of, over

pytestmark = pytest.mark.timeout(300)  # a whole run, on a machine that may be busy


async def test_a_run_ends_well_with_its_files_in_the_store_and_never_runs_again(bench, tmp_path):
    trainings = tmp_path / "trainings"
    request = bench.request("sound", function="counted", hyperparameters={"trainings": str(trainings)})
    key = key_of(request)
    assert await bench.engine.find(key) is None
    await bench.engine.start(key, request)
    await bench.engine.start(key, request)
    state = await bench.reaches(key, over)
    assert (state.phase, state.failure) == ("Succeeded", None)
    assert state.report.data.rows == 800
    assert state.report.mlflow_version == 1
    if state.report.artifact.uri.startswith("s3://"):
        content = (bench.world.store.folder / state.report.artifact.uri.removeprefix("s3://")).read_bytes()
        assert state.report.artifact.digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    await bench.engine.start(key, request)
    assert await bench.make().find(key) == state
    assert trainings.read_text() == "x"


async def test_what_a_step_refuses_is_told_with_the_step_and_what_was_known(bench):
    request = bench.request(
        "refused",
        data={
            "uri": "s3://lake/rows",
            "target": "late",
            "holdout": {"by": "Random"},
            "expectations": [{"column": "carrier", "oneOf": ["AA"]}],
        },
    )
    await bench.engine.start(key_of(request), request)
    state = await bench.reaches(key_of(request), over)
    assert (state.step, state.failure.reason, state.failure.retryable) == ("validate", "DataInvalid", False)
    assert state.report.data.rows == 800


async def test_a_run_at_work_is_found_by_another_operator_and_ends_when_it_is_cancelled(bench, tmp_path):
    began, go_on = tmp_path / "began", tmp_path / "go_on"
    told = {"began": str(began), "go_on": str(go_on)}
    request = bench.request("patient", function="patient", hyperparameters=told)
    key = key_of(request)
    await bench.engine.start(key, request)
    await bench.reaches(key, lambda state: state.step == "train" and began.exists())
    successor = bench.make()
    assert (await successor.find(key)).step == "train"
    await successor.cancel(key)
    await successor.cancel(key)
    state = await bench.reaches(key, over)
    assert (state.phase, state.step, state.failure.reason) == ("Failed", "train", "Interrupted")
    assert state.failure.retryable
    assert state.report.data_valid
