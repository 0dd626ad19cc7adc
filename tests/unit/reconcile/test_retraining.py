"""Drift: told always, acted on as the governor allows, once for each episode."""

import pytest

from tests.support.objects import (
    CODE,
    DIGEST,
    NAMESPACE,
    model_version,
    service,
    signature,
    succeeded,
    training_run,
    training_spec,
)
from trimtab.api.inferenceservice import DriftState, Finding, GateState
from trimtab.contract.run import Failure, RunState
from trimtab.contract.serving import Alarm, ComparisonReport, MonitorReport
from trimtab.keys import Key
from trimtab.reconcile import naming

SVC = Key("InferenceService", NAMESPACE, "svc")


def drift(verdict="ConceptDrift", version="1.0.0", windows=2):
    findings = [Finding(quantity="loss", reference=0.5, live=0.6, effect=0.1)] if verdict != "Stable" else []
    state = DriftState(verdict=verdict, windows=9, findings=findings)
    return MonitorReport(drift_version=version, drift=state, consecutive_windows=windows)


def both(concept, data):
    """A monitor that holds both alarms, each for so many windows."""
    report = drift(windows=concept)
    finding = Finding(quantity="temp ≤ 42", reference=0.7, live=0.2, effect=0.4)
    moved = DriftState(verdict="DataDrift", windows=9, findings=[finding])
    alarms = [
        Alarm(drift=report.drift, consecutive_windows=concept),
        Alarm(drift=moved, consecutive_windows=data),
    ]
    return report.model_copy(update={"alarms": alarms})


async def serve(world, driver, **spec):
    world.cluster.add(model_version("1.0.0"))
    world.cluster.add(service("svc", **spec))
    await driver.settle()


async def drifts(world, driver, **told):
    world.serving.monitor = drift(**told)
    await driver.settle()


def allowed(driver):
    return driver.says("InferenceService", "svc", "RetrainAllowed")


def finish(world, state):
    for key in world.pipelines.states:
        world.pipelines.states[key] = state


async def test_a_calm_service_would_be_allowed_to_retrain(world, driver):
    await serve(world, driver)
    await drifts(world, driver, verdict="Stable")
    assert driver.says("InferenceService", "svc", "Stable") == ("True", "Stable")
    assert allowed(driver) == ("True", "Allowed")
    assert driver.names("TrainingRun") == []


@pytest.mark.parametrize(
    ("causes", "windows", "reason"),
    [
        (["DataDrift"], (3, 2), "DataDrift"),
        (["DataDrift", "ConceptDrift"], (1, 2), "DataDrift"),
        (["DataDrift", "ConceptDrift"], (2, 2), "ConceptDrift"),
    ],
)
async def test_an_alarm_is_not_hidden_by_a_graver_one_that_starts_nothing(world, driver, causes, windows, reason):
    await serve(world, driver, retraining={"causes": causes, "consecutiveWindows": 2})
    world.serving.monitor = both(*windows)
    await driver.settle()
    evidence = driver.get("TrainingRun", "svc-drift-1")["spec"]["trigger"]["evidence"]
    assert evidence["reason"] == reason
    assert evidence["message"].startswith("temp ≤ 42 0.2" if reason == "DataDrift" else "loss 0.6")


@pytest.mark.parametrize(("causes", "windows"), [(["DataDrift"], (3, 1)), (["ConceptDrift"], (1, 3))])
async def test_each_alarm_is_counted_by_its_own_windows(world, driver, causes, windows):
    await serve(world, driver, retraining={"causes": causes, "consecutiveWindows": 2})
    world.serving.monitor = both(*windows)
    await driver.settle()
    assert driver.names("TrainingRun") == []


async def test_the_run_is_the_champions_own_training_on_the_newest_data(world, driver):
    await serve(world, driver)
    await drifts(world, driver)
    run = driver.get("TrainingRun", "svc-drift-1")
    assert run["spec"]["data"]["revision"] == "latest"
    assert run["spec"]["trainer"] == {"entrypoint": "user:train", "hyperparameters": {"depth": 3}, "seed": 0}
    assert run["spec"]["trigger"]["evidence"] == {
        "service": "svc",
        "episode": 1,
        "version": "1.0.0",
        "reason": "ConceptDrift",
        "message": "loss 0.6 instead of 0.5",
    }
    assert run["metadata"]["labels"][naming.SERVICE] == "svc"
    assert run["metadata"]["ownerReferences"][0]["uid"] == driver.get("InferenceService", "svc")["metadata"]["uid"]


@pytest.mark.parametrize(
    ("window", "repeated"),
    [
        ({"from": "2013-01-01T00:00:00Z", "until": "2013-03-01T00:00:00Z"}, {"from": "2013-01-01T00:00:00Z"}),
        ({"until": "2013-03-01T00:00:00Z"}, None),
        ({"from": "2013-01-01T00:00:00Z"}, {"from": "2013-01-01T00:00:00Z"}),
        ({"last": "90d"}, {"last": "90d"}),
    ],
)
async def test_the_run_reads_on_where_the_window_of_the_champions_training_ended(world, driver, window, repeated):
    data = training_spec()["data"] | {"window": window, "revision": DIGEST}
    lineage = {"trainingSpec": training_spec(data=data), "codeDigest": CODE}
    world.cluster.add(model_version("1.0.0", lineage=lineage))
    world.cluster.add(service("svc"))
    await driver.settle()
    await drifts(world, driver)
    asked = driver.get("TrainingRun", "svc-drift-1")["spec"]["data"]
    assert (asked.get("window"), asked["revision"]) == (repeated, "latest")


async def test_too_few_windows_in_a_row_are_told_and_not_acted_on(world, driver):
    await serve(world, driver)
    await drifts(world, driver, windows=1)
    assert driver.says("InferenceService", "svc", "Stable") == ("False", "ConceptDrift")
    assert driver.names("TrainingRun") == []


async def test_a_cause_that_is_not_named_starts_nothing(world, driver):
    await serve(world, driver, retraining={"causes": ["ConceptDrift"]})
    await drifts(world, driver, verdict="DataDrift")
    assert driver.says("InferenceService", "svc", "Stable") == ("False", "DataDrift")
    assert driver.names("TrainingRun") == []


async def test_an_alarm_about_another_version_is_not_ours(world, driver):
    await serve(world, driver)
    await drifts(world, driver, version="0.9.0")
    assert driver.says("InferenceService", "svc", "Stable")[0] == "Unknown"
    assert driver.names("TrainingRun") == []


async def test_without_retraining_drift_is_only_told(world, driver):
    await serve(world, driver, retraining=None)
    await drifts(world, driver)
    assert allowed(driver) == ("False", "NotConfigured")
    assert driver.names("TrainingRun") == []


async def test_a_version_without_a_profile_is_not_watched(world, driver):
    world.cluster.add(model_version("1.0.0", profile=None))
    world.cluster.add(service("svc"))
    await driver.settle()
    assert driver.says("InferenceService", "svc", "Stable") == ("Unknown", "NotMonitored")


async def test_one_alarm_makes_one_run_however_often_it_is_looked_at(world, driver):
    await serve(world, driver)
    await drifts(world, driver)
    for _ in range(5):
        await driver.round()
    assert driver.names("TrainingRun") == ["svc-drift-1"]
    assert allowed(driver) == ("False", "AlreadyRunning")


async def test_a_run_that_was_made_but_not_written_down_is_found(world, driver):
    """Half done: the operator died between making the run and saying so."""
    await serve(world, driver)
    before = driver.get("InferenceService", "svc")["status"]
    await drifts(world, driver)
    world.cluster.objects[SVC]["status"] = before
    await driver.settle()
    assert driver.names("TrainingRun") == ["svc-drift-1"]
    status = driver.get("InferenceService", "svc")["status"]
    assert status["episode"] == 1
    assert [d["run"] for d in status["decisions"] if d["action"] == "Retrain"] == ["svc-drift-1"]


async def test_manual_approval_makes_the_run_suspended(world, driver):
    await serve(world, driver, retraining={"approval": "Manual"})
    await drifts(world, driver)
    assert driver.get("TrainingRun", "svc-drift-1")["spec"]["suspend"] is True
    assert allowed(driver) == ("False", "AwaitingApproval")
    assert not world.pipelines.states


async def test_a_run_that_a_person_declines_is_asked_for_again_after_the_cooldown(world, driver):
    await serve(world, driver, retraining={"approval": "Manual", "cooldown": "1h"})
    await drifts(world, driver)
    world.clock.step(days=2)
    world.cluster.remove(Key("TrainingRun", NAMESPACE, "svc-drift-1"))
    await driver.settle()
    assert allowed(driver) == ("False", "CoolingDown")
    last = driver.get("InferenceService", "svc")["status"]["decisions"][-1]
    assert (last["action"], last["run"]) == ("Retrain", "svc-drift-1")
    assert last["message"].startswith("declined: ")
    assert driver.names("TrainingRun") == []
    world.clock.step(hours=1)
    await driver.settle()
    assert driver.names("TrainingRun") == ["svc-drift-2"]


async def test_the_runs_that_the_governor_counts_do_not_go_by_themselves(world, driver):
    lineage = {"trainingSpec": training_spec(ttlSecondsAfterFinished=60), "codeDigest": CODE}
    world.cluster.add(model_version("1.0.0", lineage=lineage))
    world.cluster.add(service("svc", retraining={"cooldown": "1h", "suspendAfterFailures": 1}))
    await driver.settle()
    await drifts(world, driver)
    finish(world, RunState(phase="Failed", step="train", failure=Failure(reason="TrainingRaised", message="")))
    await driver.settle()
    world.clock.step(days=30)
    await driver.settle()
    assert driver.names("TrainingRun") == ["svc-drift-1"]
    assert allowed(driver) == ("False", "CircuitOpen")


async def test_after_a_failed_run_the_next_episode_waits_for_the_cooldown(world, driver):
    await serve(world, driver)
    await drifts(world, driver)
    finish(world, RunState(phase="Failed", step="train", failure=Failure(reason="TrainingRaised", message="")))
    await driver.settle()
    assert allowed(driver) == ("False", "CoolingDown")
    world.clock.step(minutes=59)
    await driver.settle()
    assert driver.names("TrainingRun") == ["svc-drift-1"]
    world.clock.step(minutes=1)
    await driver.settle()
    assert driver.names("TrainingRun") == ["svc-drift-1", "svc-drift-2"]


async def test_runs_that_do_not_help_open_the_circuit(world, driver):
    await serve(world, driver, retraining={"cooldown": "1m", "suspendAfterFailures": 2})
    await drifts(world, driver)
    for _ in range(5):
        finish(world, RunState(phase="Failed", step="train", failure=Failure(reason="TrainingRaised", message="")))
        await driver.settle()
        world.clock.step(minutes=2)
        await driver.settle()
    assert driver.names("TrainingRun") == ["svc-drift-1", "svc-drift-2"]
    assert allowed(driver) == ("False", "CircuitOpen")


async def test_no_run_is_made_while_its_fruit_is_compared(world, driver):
    await serve(world, driver, retraining={"cooldown": "0s"})
    await drifts(world, driver)
    finish(world, succeeded())
    await driver.settle()
    world.clock.step(hours=5)
    await driver.settle()
    assert allowed(driver) == ("False", "CandidateInShadow")
    assert driver.names("TrainingRun") == ["svc-drift-1"]


async def test_an_alarm_about_the_version_that_is_replaced_in_the_same_pass_starts_nothing(world, driver):
    await serve(world, driver)
    world.cluster.add(model_version("1.1.0"))
    await driver.settle()
    gates = [GateState(metric="loss", verdict="Pass")]
    passing = ComparisonReport(version="1.1.0", requests=500, labelled=400, gates=gates)
    world.serving.monitor = drift(version="1.0.0").model_copy(update={"comparison": passing})
    await driver.look(SVC)
    assert driver.get("InferenceService", "svc")["status"]["champion"]["version"] == "1.1.0"
    assert driver.names("TrainingRun") == []


async def test_what_drift_repeats_comes_in_range_beside_an_experiment_with_a_higher_number(world, driver):
    await serve(world, driver)
    world.cluster.add(model_version("2.0.0", signature=signature("z").wire()))
    await drifts(world, driver)
    finish(world, succeeded())
    await driver.settle()
    assert driver.get("TrainingRun", "svc-drift-1")["status"]["version"] == "1.0.1"
    assert driver.get("InferenceService", "svc")["status"]["shadow"]["version"] == "1.0.1"


async def test_the_part_of_the_number_that_a_person_once_had_raised_is_not_raised_by_drift(world, driver):
    lineage = {"trainingSpec": training_spec(bump="Major"), "codeDigest": CODE}
    world.cluster.add(model_version("1.0.0", lineage=lineage))
    world.cluster.add(service("svc"))
    await driver.settle()
    await drifts(world, driver)
    assert driver.get("TrainingRun", "svc-drift-1")["spec"]["bump"] == "Auto"


async def test_the_number_of_a_champion_whose_object_was_deleted_is_not_given_again(world, driver):
    await serve(world, driver)
    world.cluster.add(model_version("1.0.1"))
    await driver.settle()
    promote = ComparisonReport(version="1.0.1", requests=500, gates=[GateState(metric="loss", verdict="Pass")])
    world.serving.monitor = MonitorReport(comparison=promote)
    await driver.settle()
    world.cluster.remove(Key("ModelVersion", NAMESPACE, "late-1.0.1"))
    world.cluster.add(training_run("again"))
    await driver.settle()
    finish(world, succeeded())
    await driver.settle()
    assert driver.get("TrainingRun", "again")["status"]["version"] == "1.0.2"
    assert driver.get("InferenceService", "svc")["status"]["shadow"]["version"] == "1.0.2"


async def test_a_name_that_a_person_took_is_passed_over(world, driver):
    await serve(world, driver)
    world.cluster.add(training_run("svc-drift-1", model="other"))
    await drifts(world, driver)
    assert driver.names("TrainingRun") == ["svc-drift-1", "svc-drift-2"]
    assert driver.get("InferenceService", "svc")["status"]["episode"] == 2


async def test_a_run_of_a_champion_made_by_hand_cannot_be_repeated(world, driver):
    world.cluster.add(model_version("1.0.0", lineage={}))
    world.cluster.add(service("svc"))
    await driver.settle()
    await drifts(world, driver)
    assert allowed(driver) == ("False", "NothingToRepeat")


@pytest.mark.parametrize("verdict", ["DataDrift", "ConceptDrift"])
async def test_drift_never_makes_a_service_unready(world, driver, verdict):
    await serve(world, driver)
    await drifts(world, driver, verdict=verdict)
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")
    assert driver.says("InferenceService", "svc", "Stalled")[0] == "absent"
