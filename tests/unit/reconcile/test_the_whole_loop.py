"""From a TrainingRun and an InferenceService to a promoted retrain, with nobody at the wheel."""

import pytest

from tests.support.objects import report, service, succeeded, training_run
from trimtab.api.inferenceservice import DriftState, Finding, GateState
from trimtab.contract.serving import ComparisonReport, MonitorReport


def drifting(version: str) -> MonitorReport:
    findings = [Finding(quantity="loss", reference=0.5, live=0.6, effect=0.1)]
    drift = DriftState(verdict="ConceptDrift", windows=5, since="w3", findings=findings)
    return MonitorReport(drift_version=version, drift=drift, consecutive_windows=3)


def passing(version: str) -> MonitorReport:
    gates = [GateState(metric="loss", verdict="Pass", estimate=0.01, low=0.001, high=0.02)]
    return MonitorReport(comparison=ComparisonReport(version=version, requests=500, labelled=400, gates=gates))


async def serving_first_version(world, driver):
    world.cluster.add(training_run("first"))
    world.cluster.add(service("svc"))
    await driver.settle()
    (key,) = world.pipelines.states
    world.pipelines.states[key] = succeeded()
    await driver.settle()


async def test_a_training_run_becomes_a_served_version(world, driver):
    await serving_first_version(world, driver)
    assert driver.says("TrainingRun", "first", "Ready") == ("True", "Succeeded")
    assert driver.get("ModelVersion", "late-1.0.0")["status"]["channel"] == "Champion"
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")
    assert world.registry.aliases == {("late", "v1.0.0"): 1, ("late", "champion"): 1}


async def test_drift_makes_one_training_run_with_its_cause_on_it(world, driver):
    await serving_first_version(world, driver)
    world.serving.monitor = drifting("1.0.0")
    await driver.settle()
    assert driver.names("TrainingRun") == ["first", "svc-drift-1"]
    trigger = driver.get("TrainingRun", "svc-drift-1")["spec"]["trigger"]
    assert trigger["kind"] == "Drift"
    assert trigger["evidence"]["message"] == "loss 0.6 instead of 0.5, since window w3"
    assert driver.says("InferenceService", "svc", "Stable") == ("False", "ConceptDrift")
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")
    assert driver.says("InferenceService", "svc", "RetrainAllowed") == ("False", "AlreadyRunning")


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        ("Unknown", ("Unknown", "DetectorUnavailable")),
        ("Stable", ("Unknown", "DetectorUnavailable")),
        ("ConceptDrift", ("False", "ConceptDrift")),
    ],
)
async def test_a_detector_that_is_not_there_is_told_unless_labels_say_something_graver(world, driver, verdict, says):
    await serving_first_version(world, driver)
    drift = DriftState(verdict=verdict, windows=5, detector="KSDrift")
    error = "KSDrift needs alibi-detect, and there is no interpreter"
    world.serving.monitor = MonitorReport(drift_version="1.0.0", drift=drift, detector_error=error)
    await driver.settle()
    assert driver.says("InferenceService", "svc", "Stable") == says
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")
    assert driver.get("InferenceService", "svc")["status"]["drift"]["detector"] == "KSDrift"


async def test_the_retrained_version_is_shadowed_judged_and_promoted(world, driver):
    await serving_first_version(world, driver)
    world.serving.monitor = drifting("1.0.0")
    await driver.settle()
    key = next(key for key in world.pipelines.states if "drift" in key.name)
    assert world.pipelines.requests[key].champion.version == "1.0.0"
    world.pipelines.states[key] = succeeded(mlflow_version=2)
    await driver.settle()
    assert driver.get("InferenceService", "svc")["status"]["shadow"]["version"] == "1.0.1"
    assert driver.get("ModelVersion", "late-1.0.1")["status"]["channel"] == "Shadow"
    world.serving.monitor = passing("1.0.1")
    await driver.settle()
    status = driver.get("InferenceService", "svc")["status"]
    assert status["champion"]["version"] == "1.0.1"
    assert [d["action"] for d in status["decisions"]] == ["Deployed", "Retrain", "Shadowed", "Promoted"]
    assert driver.get("ModelVersion", "late-1.0.0")["status"]["channel"] == "Retired"
    assert world.serving.plans["ns", "svc"].champion.version == "1.0.1"
    assert world.registry.aliases["late", "champion"] == 2
    assert ("late", "shadow") not in world.registry.aliases


async def test_a_settled_world_is_left_alone(world, driver):
    await serving_first_version(world, driver)
    writes, calls = list(world.cluster.writes), world.registry.calls
    world.clock.step(minutes=5)
    await driver.round()
    await driver.round()
    assert world.cluster.writes == writes
    assert (len(world.serving.applied), world.registry.calls) == (1, calls)


async def test_from_create_to_ready_takes_few_writes(world, driver):
    await serving_first_version(world, driver)
    assert world.cluster.writes.count("status InferenceService/svc") <= 3


async def test_a_gate_that_fails_registers_the_version_as_rejected_and_never_serves_it(world, driver):
    world.cluster.add(training_run("first"))
    world.cluster.add(service("svc"))
    await driver.settle()
    (key,) = world.pipelines.states
    gate = report().gates[0].model_copy(update={"passed": False})
    world.pipelines.states[key] = succeeded(gates=[gate])
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Ready") == ("False", "GateFailed")
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "GateFailed")
    assert driver.says("TrainingRun", "first", "Registered") == ("True", "Registered")
    assert driver.get("ModelVersion", "late-1.0.0")["status"]["channel"] == "Rejected"
    assert driver.says("InferenceService", "svc", "Ready") == ("False", "NoVersionInRange")
