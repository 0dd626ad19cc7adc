"""A TrainingRun from nothing, half done, done, changed by others, and after failures."""

from datetime import timedelta

import pytest

from tests.support.objects import NAMESPACE, model_version, succeeded, training_run
from trimtab.contract.run import Failure, Held, RunState
from trimtab.errors import Refuse
from trimtab.keys import Key
from trimtab.reconcile import naming

FIRST = Key("TrainingRun", NAMESPACE, "first")


def failed(reason="TrainingRaised", step="train", **failure):
    return RunState(phase="Failed", step=step, failure=Failure(step=step, reason=reason, message="it broke", **failure))


@pytest.fixture
async def started(world, driver):
    """A run whose pipeline was started; yields a function that says how far it is."""
    world.cluster.add(training_run("first"))
    await driver.settle()
    (key,) = world.pipelines.states

    async def reached(state):
        world.pipelines.states[max(world.pipelines.states, key=lambda k: k.name)] = state
        await driver.settle()

    assert key.name.startswith("first-uid")
    return reached


def ready(driver):
    return driver.says("TrainingRun", "first", "Ready")


@pytest.mark.usefixtures("started")
async def test_a_new_run_is_held_by_our_finalizer_before_anything_starts(world, driver):
    assert world.cluster.writes[0] == "apply TrainingRun/first"
    assert driver.get("TrainingRun", "first")["metadata"]["finalizers"] == [naming.FINALIZER]


async def test_conditions_follow_the_pipeline_step_by_step(driver, started):
    await started(RunState(phase="Running", step="train"))
    said = {c["type"]: (c["status"], c["reason"]) for c in driver.get("TrainingRun", "first")["status"]["conditions"]}
    assert said == {
        "Admitted": ("True", "Admitted"),
        "DataPinned": ("True", "DataPinned"),
        "DataValid": ("True", "DataValid"),
        "Trained": ("Unknown", "Running"),
        "GatesPassed": ("Unknown", "Pending"),
        "Registered": ("Unknown", "Pending"),
        "Ready": ("Unknown", "Running"),
        "Reconciling": ("True", "Running"),
    }


async def test_a_version_says_under_which_name_and_number_the_registry_has_it(driver, started):
    await started(succeeded(mlflow_model="ns.late", mlflow_version=7))
    lineage = driver.get("ModelVersion", "late-1.0.0")["spec"]["lineage"]
    assert (lineage["mlflowModel"], lineage["mlflowVersion"]) == ("ns.late", 7)


async def test_a_finished_run_makes_its_version_and_ends(driver, started):
    await started(succeeded())
    status = driver.get("TrainingRun", "first")["status"]
    assert ready(driver) == ("True", "Succeeded")
    assert (status["modelVersion"], status["metrics"]["auc"]) == ("late-1.0.0", 0.7)
    assert driver.says("TrainingRun", "first", "Reconciling")[0] == "absent"


async def test_the_version_is_found_again_by_the_runs_uid(world, driver, started):
    """Half done: the ModelVersion was made, and the operator died before it wrote so."""
    uid = driver.get("TrainingRun", "first")["metadata"]["uid"]
    made = model_version("1.0.0")
    made["metadata"]["labels"] = {naming.RUN_UID: uid}
    world.cluster.add(made)
    await started(succeeded())
    assert driver.names("ModelVersion") == ["late-1.0.0"]
    assert ready(driver) == ("True", "Succeeded")


async def test_a_version_somebody_else_made_is_passed_over(world, driver, started):
    world.cluster.add(model_version("1.0.0"))
    await started(succeeded())
    assert driver.get("TrainingRun", "first")["status"]["modelVersion"] == "late-1.0.1"


async def test_what_has_ended_stays_ended_whatever_happens_to_its_version(world, driver, started):
    await started(succeeded())
    world.cluster.remove(Key("ModelVersion", NAMESPACE, "late-1.0.0"))
    world.pipelines.states.clear()
    await driver.settle()
    assert driver.names("ModelVersion") == []
    assert not world.pipelines.states
    assert ready(driver) == ("True", "Succeeded")


async def test_a_failure_for_good_is_told_where_it_happened(driver, started):
    await started(failed())
    assert driver.says("TrainingRun", "first", "DataValid") == ("True", "DataValid")
    assert driver.says("TrainingRun", "first", "Trained") == ("False", "TrainingRaised")
    assert driver.says("TrainingRun", "first", "Registered") == ("Unknown", "NotReached")
    assert ready(driver) == ("False", "TrainingRaised")
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "TrainingRaised")


async def test_a_failure_that_may_go_away_is_tried_again_after_a_while(world, driver, started):
    await started(failed("TrackingUnavailable", retryable=True))
    assert ready(driver) == ("False", "TrackingUnavailable")
    assert driver.says("TrainingRun", "first", "Reconciling") == ("True", "Retrying")
    assert driver.says("TrainingRun", "first", "Stalled")[0] == "absent"
    assert len(world.pipelines.states) == 1
    world.clock.step(seconds=1)
    await driver.settle()
    assert len(world.pipelines.states) == 2
    await started(succeeded())
    assert ready(driver) == ("True", "Succeeded")
    assert driver.get("TrainingRun", "first")["status"]["attempt"] == 1


async def test_the_wait_between_attempts_doubles(world, driver, started):
    for wait in (1, 2, 4):
        await started(failed("DiskFull", retryable=True))
        runs = len(world.pipelines.states)
        world.clock.step(seconds=wait - 0.5)
        await driver.settle()
        assert len(world.pipelines.states) == runs
        world.clock.step(seconds=0.5)
        await driver.settle()
        assert len(world.pipelines.states) == runs + 1


async def test_an_attempt_that_was_started_but_not_written_down_is_found(world, driver, started):
    await started(failed("DiskFull", retryable=True))
    world.clock.step(seconds=1)
    head_uid = driver.get("TrainingRun", "first")["metadata"]["uid"]
    second = next(iter(world.pipelines.states)).__class__(NAMESPACE, f"first-{head_uid[:8]}-1")
    world.pipelines.states[second] = RunState(phase="Running", step="train")
    await driver.settle()
    assert len(world.pipelines.states) == 2
    assert driver.get("TrainingRun", "first")["status"]["pipelineRun"] == second.name


async def test_a_run_that_is_killed_again_and_again_is_given_up(world, driver, started):
    for _ in range(3):
        await started(failed("Interrupted", retryable=True))
        world.clock.step(minutes=1)
        await driver.settle()
    assert len(world.pipelines.states) == 3
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "Interrupted")


async def test_an_engine_that_is_away_is_told_and_waited_for(world, driver, started):
    world.pipelines.down = True
    await driver.settle()
    assert driver.says("TrainingRun", "first", "DataPinned") == ("Unknown", "EngineUnavailable")
    assert ready(driver) == ("Unknown", "EngineUnavailable")
    world.pipelines.down = False
    await started(succeeded())
    assert ready(driver) == ("True", "Succeeded")


async def test_an_engine_that_is_away_for_a_moment_late_in_a_run_is_asked_again_at_once(world, driver, started):
    await started(RunState(phase="Running", step="train"))
    world.clock.step(hours=10)
    world.pipelines.down = True
    assert await driver.look(FIRST) == timedelta(seconds=1)
    world.clock.step(seconds=8)
    assert await driver.look(FIRST) == timedelta(seconds=2)


async def test_an_engine_that_refuses_the_run_ends_it(world, driver):
    async def refuse(*_):
        raise Refuse("PoolUnknown", "there is no pool 'h100'")

    world.pipelines.start = refuse
    world.cluster.add(training_run("first"))
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Admitted") == ("False", "PoolUnknown")
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "PoolUnknown")


async def test_a_run_that_waits_for_its_pod_says_why_and_goes_on(driver, started):
    await started(RunState(phase="Running", held=Held(reason="Queued", message="queue gpu is full")))
    assert driver.says("TrainingRun", "first", "Admitted") == ("False", "Queued")
    assert ready(driver) == ("False", "Queued")
    await started(succeeded())
    assert driver.says("TrainingRun", "first", "Admitted") == ("True", "Admitted")
    assert ready(driver) == ("True", "Succeeded")


async def test_a_spec_that_cannot_be_read_is_refused_with_the_field(world, driver):
    world.cluster.add(training_run("first", bump="Sideways"))
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Admitted") == ("False", "InvalidSpec")
    assert driver.condition("TrainingRun", "first", "Ready")["message"].startswith("spec.bump: ")
    assert not world.pipelines.states


async def test_a_report_that_lacks_the_artifact_ends_the_run(driver, started):
    await started(succeeded(artifact=None))
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "StepFailed")
    assert driver.names("ModelVersion") == []
