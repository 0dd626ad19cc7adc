"""With `holdout.refit` fits that left a row out judge it; the model that is registered has learnt them all."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
import pyarrow.parquet as pq
import pytest

from trimtab.contract.run import Champion

pytestmark = pytest.mark.timeout(300)  # two whole runs, on a machine that may be busy

DAYS, A_DAY = 20, 40
FIRST = datetime(2013, 1, 1)  # noqa: DTZ001  # as Parquet has it, without a zone
READING = {"time": "at", "block": "1d", "holdout": {"by": "Random", "fraction": 0.25, "refit": True}}


@pytest.fixture
def dated(rows, tmp_path):
    """The rows, forty a day; those of the last four days have their answers exchanged."""
    table = pq.read_table(rows)
    day = np.arange(table.num_rows) // A_DAY
    late = table.column("late").to_numpy()
    table = table.set_column(table.column_names.index("late"), "late", [np.where(day < DAYS - 4, late, 1 - late)])
    pq.write_table(table.append_column("at", [[FIRST + timedelta(days=int(n)) for n in day]]), tmp_path / "a.parquet")
    return tmp_path


def profile_of(report):
    return json.loads(Path(urlparse(report.profile.uri).path).read_text())


async def test_all_rows_are_learnt_and_judged_and_the_champion_is_met_on_rows_it_has_not_learnt(runs, client, dated):
    first = (await runs.end_of(runs.request("sound"))).report
    learnt_until = datetime(2013, 1, 1, tzinfo=UTC) + timedelta(days=DAYS - 5)
    champion = Champion(version="1.0.0", artifact=first.artifact, learnt_until=learnt_until)
    gates = [{"metric": "auc", "champion": {}}]
    request = runs.request("refit", data=dated, reading=READING, gates=gates, champion=champion)
    report = (await runs.end_of(request)).report
    run = client.get_run(report.mlflow_run_id)
    assert run.data.metrics["rows_seen"] == DAYS * A_DAY
    assert run.data.tags["trimtab.dev/judged-by"] == "fits that left rows out, refitted on all"
    assert profile_of(report)["outcomes"]["blocks"] == [DAYS, DAYS]
    assert profile_of(report)["blockSeconds"] == 86400
    (gate,) = report.gates
    assert gate.champion < 0.3  # the days it has not learnt are those it is wrong on
    assert gate.value < report.metrics["auc"]  # the candidate is compared on those days too, and judged on all


async def test_what_a_fit_without_a_part_logs_lands_in_a_child_run_and_what_the_last_logs_in_the_run(
    runs, client, dated
):
    state = await runs.end_of(runs.request("chatty-refit", function="chatty", data=dated, reading=READING))
    assert (state.phase, state.failure) == ("Succeeded", None)
    run = client.get_run(state.report.mlflow_run_id)
    children = client.search_runs([run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{run.info.run_id}'")
    assert run.data.params["rows"] == str(DAYS * A_DAY)
    assert sorted(child.info.run_name for child in children) == [f"without part {number}" for number in range(4)]
    assert all(int(child.data.params["rows"]) < DAYS * A_DAY for child in children)
    assert {child.info.status for child in children} == {"FINISHED"}
