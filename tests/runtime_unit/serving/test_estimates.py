"""What the monitor expects of the champion without labels, seen from outside."""

import numpy as np
import pytest

from tests.support.models import draw, make_plan, make_version
from trimtab.api.inferenceservice import Monitoring, Window
from trimtab.training.judgement.metrics import measure


async def told(plane):
    """Estimates by metric; none before the first window is closed."""
    estimate = (await plane.report()).drift.estimated_performance
    return {each.metric: each for each in estimate.metrics} if estimate else {}


async def test_a_closed_window_is_estimated_without_a_label(plane):
    await plane.live([1], labelled=False)
    assert await told(plane) == {}
    await plane.live([2, 3], labelled=False)
    drift = (await plane.report()).drift
    assert (int(drift.estimated_performance.window), drift.estimated_performance.rows) == (2, 100)
    assert set(await told(plane)) == {"logLoss", "accuracy", "auc"}
    assert drift.label_coverage is None


async def test_the_estimate_is_what_the_labels_would_have_said(plane):
    columns, truth = draw(2000, seed=5, shift=1.0)
    _, answer = await plane.infer(columns, id="moved", parameters={"day": 1})
    probabilities = next(output["data"] for output in answer["outputs"] if output["name"] == "probabilities")
    await plane.live([2], labelled=False)
    truly = measure(truth, np.array(probabilities).reshape(-1, 2)[:, 1])
    estimates = await told(plane)
    assert estimates["logLoss"].value < estimates["logLoss"].promised - 3 * estimates["logLoss"].standard_error
    assert all(abs(each.value - truly[name]) < 3 * each.standard_error for name, each in estimates.items())


async def test_a_window_of_few_rows_leaves_what_was_estimated_before(plane):
    await plane.live([1], labelled=False)
    await plane.live([2], rows=5, labelled=False)
    await plane.live([3], labelled=False)
    assert int((await plane.report()).drift.estimated_performance.window) == 1


async def test_a_monitor_that_starts_anew_remembers_its_estimate(plane):
    await plane.live([1, 2], labelled=False)
    before = await told(plane)
    await plane.restart_monitor()
    assert await told(plane) == before != {}


async def test_another_champion_begins_without_an_estimate(plane, versions):
    await plane.live([1, 2], labelled=False)
    await plane.apply(make_plan(versions["1.1.0"]))
    assert await told(plane) == {}


@pytest.mark.parametrize("rows", [60, 200])
async def test_windows_by_rows_are_estimated_too(plane, versions, rows):
    await plane.apply(make_plan(versions["1.0.0"], monitoring=Monitoring(window=Window(rows=100))))
    for number in range(6):
        await plane.infer(draw(rows, seed=number)[0], id=f"r{number}")
        await plane.settle()
    assert (await plane.report()).drift.estimated_performance.rows >= 100


async def test_a_champion_without_a_profile_is_not_estimated(plane, tmp_path):
    await plane.apply(make_plan(make_version(tmp_path, "1.0.0", profile=False)))
    await plane.live([1, 2], labelled=False)
    assert await told(plane) == {}
