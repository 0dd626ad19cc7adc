"""Performance without labels: told in the status and to Prometheus, and nothing follows from it."""

import pytest

from tests.support.objects import model_version, service
from trimtab.api.inferenceservice import DriftState
from trimtab.api.monitoring import EstimatedMetric, EstimatedPerformance
from trimtab.contract.serving import MonitorReport
from trimtab.handlers.metrics import Metrics


def report(value):
    metric = EstimatedMetric(metric="auc", value=value, promised=0.8, standard_error=0.01)
    estimate = EstimatedPerformance(window="7", rows=500, metrics=[metric])
    drift = DriftState(verdict="Stable", windows=7, label_coverage=0.0, estimated_performance=estimate)
    return MonitorReport(drift_version="1.0.0", drift=drift, consecutive_windows=0)


@pytest.fixture
async def svc(world, driver):
    world.cluster.add(model_version("1.0.0"))
    world.cluster.add(service("svc", retraining={"consecutiveWindows": 1, "cooldown": "0s"}))
    await driver.settle()
    return lambda: driver.get("InferenceService", "svc")


async def test_what_is_expected_of_the_champion_stands_in_the_status(world, driver, svc):
    world.serving.monitor = report(0.79)
    await driver.settle()
    drift = svc()["status"]["drift"]
    assert drift["labelCoverage"] == 0.0
    assert drift["estimatedPerformance"] == {
        "window": "7",
        "rows": 500,
        "metrics": [{"metric": "auc", "value": 0.79, "promised": 0.8, "standardError": 0.01}],
    }


async def test_however_bad_it_looks_nothing_is_retrained_and_no_condition_turns(world, driver, svc):
    world.serving.monitor = report(0.8)
    await driver.settle()
    before = svc()["status"]["conditions"]
    world.serving.monitor = report(0.4)
    await driver.settle()
    assert svc()["status"]["conditions"] == before
    assert driver.names("TrainingRun") == []


async def test_prometheus_is_told_of_services_as_they_are_now(world, driver, svc):
    world.serving.monitor = report(0.79)
    await driver.settle()
    of = 'name="svc",namespace="ns",version="1.0.0"'
    services = [svc()]
    metrics = Metrics(lambda: services)
    told = metrics.text().decode()
    assert f'trimtab_performance_estimated{{metric="auc",{of}}} 0.79' in told
    assert f'trimtab_performance_promised{{metric="auc",{of}}} 0.8' in told
    assert f"trimtab_label_coverage{{{of}}} 0.0" in told
    services.clear()
    assert "svc" not in metrics.text().decode()


def test_a_service_that_has_no_status_yet_tells_prometheus_nothing():
    assert "svc" not in Metrics(lambda: [service("svc")]).text().decode()
