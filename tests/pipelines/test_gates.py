"""A candidate is judged beside the champion, on the same rows; a refused one is registered with its numbers."""

import pytest

from trimtab.contract.run import Champion

pytestmark = pytest.mark.timeout(300)  # two whole runs in a test, on a machine that may be busy


async def test_a_candidate_worse_than_the_champion_is_registered_with_the_gate_it_failed(runs, client):
    first = await runs.end_of(runs.request("sound"))
    champion = Champion(version="1.0.0", artifact=first.report.artifact, draw=first.report.draw)
    gates = [{"metric": "auc", "min": 0.5}, {"metric": "logLoss", "champion": {}}]
    request = runs.request("gated", gates=gates, champion=champion, hyperparameters={"C": 1e-6})
    report = (await runs.end_of(request)).report
    bound, comparison = report.gates
    assert (bound.passed, comparison.passed) == (True, False)
    assert comparison.champion == pytest.approx(first.report.metrics["logLoss"])
    version = client.get_model_version("team.gated", str(report.mlflow_version))
    assert version.tags["trimtab.dev/gates"] == "failed"


async def test_the_tracked_run_says_what_it_was_made_of(runs, client):
    report = (await runs.end_of(runs.request("sound"))).report
    run = client.get_run(report.mlflow_run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["auc"] == pytest.approx(report.metrics["auc"])
    assert run.data.metrics["rows_seen"] > 0
    assert run.data.tags["trimtab.dev/data-digest"] == report.data.digest
    assert run.data.tags["trimtab.dev/code-digest"] == report.code_digest
    assert run.data.tags["trimtab.dev/entrypoint"] == "lessons:sound"
    (used,) = run.inputs.dataset_inputs
    assert report.data.digest.removeprefix("sha256:").startswith(used.dataset.digest)


async def test_what_the_users_code_logs_itself_lands_in_the_same_run_hyperparameters_too(runs, client):
    given = {"C": 1.0, "kind": "plain", "warm": True}
    state = await runs.end_of(runs.request("chatty", function="chatty", hyperparameters=given))
    assert (state.phase, state.failure) == ("Succeeded", None)
    found = client.get_run(state.report.mlflow_run_id).data
    assert found.metrics["said_by_the_user"] == 42
    assert found.params == {"C": "1.0", "kind": "plain", "warm": "True", "rows": found.params["rows"]}
