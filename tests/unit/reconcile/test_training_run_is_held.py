"""Suspended, too late, outlived, deleted: a TrainingRun that is stopped."""

import pytest

from tests.support.objects import NAMESPACE, succeeded, training_run
from trimtab.contract.run import Failure, Held, RunState
from trimtab.keys import Key
from trimtab.reconcile import naming

FIRST = Key("TrainingRun", NAMESPACE, "first")
STOPPED = RunState(
    phase="Failed", step="train", failure=Failure(step="train", reason="Interrupted", message="", retryable=True)
)


async def start(world, driver, **spec):
    world.cluster.add(training_run("first", **spec))
    await driver.settle()


def newest(world):
    return max(world.pipelines.states, key=lambda key: int(key.name.rsplit("-", 1)[1]))


def ready(driver):
    return driver.says("TrainingRun", "first", "Ready")


async def test_a_suspended_run_does_not_start(world, driver):
    await start(world, driver, suspend=True)
    assert not world.pipelines.states
    assert ready(driver) == ("False", "Suspended")


async def test_a_run_that_is_released_starts(world, driver):
    await start(world, driver, suspend=True)
    world.cluster.change(FIRST, suspend=False)
    await driver.settle()
    assert len(world.pipelines.states) == 1
    assert driver.get("TrainingRun", "first")["status"]["observedGeneration"] == 2


async def test_a_running_one_is_stopped_and_goes_on_as_the_next_attempt(world, driver):
    await start(world, driver)
    (key,) = world.pipelines.states
    world.cluster.change(FIRST, suspend=True)
    await driver.settle()
    assert key in world.pipelines.cancelled
    world.pipelines.states[key] = STOPPED
    await driver.settle()
    assert ready(driver) == ("False", "Suspended")
    world.cluster.change(FIRST, suspend=False)
    await driver.settle()
    assert len(world.pipelines.states) == 2
    assert ready(driver) == ("Unknown", "Running")


async def test_suspensions_are_no_interruptions(world, driver):
    await start(world, driver)
    for _ in range(4):
        world.cluster.change(FIRST, suspend=True)
        await driver.settle()
        world.pipelines.states[newest(world)] = STOPPED
        await driver.settle()
        world.cluster.change(FIRST, suspend=False)
        await driver.settle()
    world.pipelines.states[newest(world)] = STOPPED
    await driver.settle()
    world.clock.step(minutes=5)
    await driver.settle()
    assert ready(driver) == ("Unknown", "Running")
    assert driver.get("TrainingRun", "first")["status"]["interruptions"] == 1


async def test_a_run_whose_spec_became_unreadable_is_stopped_before_it_ends(world, driver):
    await start(world, driver)
    (key,) = world.pipelines.states
    world.cluster.change(FIRST, bump="Sideways")
    await driver.settle()
    assert world.pipelines.cancelled[0] == key
    assert ready(driver) == ("False", "InvalidSpec")


async def test_a_run_whose_spec_became_unreadable_does_not_end_while_it_cannot_be_stopped(world, driver):
    await start(world, driver)
    world.pipelines.down = True
    world.cluster.change(FIRST, bump="Sideways")
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Stalled")[0] == "absent"
    world.pipelines.down = False
    await driver.settle()
    assert world.pipelines.cancelled
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "InvalidSpec")


async def test_a_run_that_takes_too_long_is_stopped(world, driver):
    await start(world, driver, activeDeadlineSeconds=60)
    (key,) = world.pipelines.states
    world.pipelines.states[key] = RunState(phase="Running", step="train")
    world.clock.step(seconds=59)
    await driver.settle()
    assert ready(driver) == ("Unknown", "Running")
    world.clock.step(seconds=1)
    await driver.settle()
    assert world.pipelines.cancelled[0] == key
    assert len(world.pipelines.cancelled) == 2  # the next attempt too, if a pass died that had started it
    assert driver.says("TrainingRun", "first", "Trained") == ("False", "DeadlineExceeded")
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "DeadlineExceeded")


async def test_the_time_in_a_queue_is_not_taken_from_the_time_a_run_may_take(world, driver):
    await start(world, driver, activeDeadlineSeconds=60)
    (key,) = world.pipelines.states
    world.pipelines.states[key] = RunState(phase="Running", held=Held(reason="Queued", message="queue gpu is full"))
    await driver.settle()
    world.clock.step(hours=1)
    await driver.settle()
    assert ready(driver) == ("False", "Queued")
    world.pipelines.states[key] = RunState(phase="Running", step="train")
    await driver.settle()
    world.clock.step(seconds=59)
    await driver.settle()
    assert ready(driver) == ("Unknown", "Running")
    world.clock.step(seconds=1)
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "DeadlineExceeded")


async def test_a_run_with_a_queue_whose_engine_does_not_tell_of_it_has_not_begun_before_its_first_step(world, driver):
    await start(world, driver, activeDeadlineSeconds=60, queueName="gpu")
    (key,) = world.pipelines.states
    world.pipelines.states[key] = RunState(phase="Running")
    await driver.settle()
    world.clock.step(hours=1)
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Admitted") == ("Unknown", "Pending")
    assert "LocalQueue gpu" in driver.condition("TrainingRun", "first", "Ready")["message"]
    world.pipelines.states[key] = RunState(phase="Running", step="snapshot")
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Admitted") == ("True", "Admitted")


async def test_a_run_that_is_held_back_again_after_its_deadline_passed_unseen_is_not_stopped(world, driver):
    """The operator was away: what it sees then is a run that still waits."""
    await start(world, driver, activeDeadlineSeconds=60)
    (key,) = world.pipelines.states
    world.clock.step(hours=1)
    world.pipelines.states[key] = RunState(phase="Running", held=Held(reason="Queued", message="queue gpu is full"))
    await driver.settle()
    assert ready(driver) == ("False", "Queued")


async def test_what_waits_after_it_failed_once_ends_at_the_deadline(world, driver):
    await start(world, driver, activeDeadlineSeconds=60, queueName="gpu")
    (key,) = world.pipelines.states
    failure = Failure(step="train", reason="DiskFull", message="", retryable=True)
    world.pipelines.states[key] = RunState(phase="Running", step="train")
    await driver.settle()
    world.pipelines.states[key] = RunState(phase="Failed", step="train", failure=failure)
    await driver.settle()
    world.clock.step(seconds=1)
    await driver.settle()
    world.pipelines.states[newest(world)] = RunState(phase="Running", held=Held(reason="Queued", message="full"))
    world.clock.step(seconds=60)
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "DeadlineExceeded")


async def test_retries_end_at_the_deadline(world, driver):
    await start(world, driver, activeDeadlineSeconds=60)
    (key,) = world.pipelines.states
    failure = Failure(step="train", reason="TrackingUnavailable", message="", retryable=True)
    world.pipelines.states[key] = RunState(phase="Failed", step="train", failure=failure)
    world.clock.step(seconds=60)
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Stalled") == ("True", "DeadlineExceeded")


async def test_a_run_that_is_done_is_not_too_late(world, driver):
    await start(world, driver, activeDeadlineSeconds=60)
    (key,) = world.pipelines.states
    world.pipelines.states[key] = succeeded()
    world.clock.step(hours=1)
    await driver.settle()
    assert ready(driver) == ("True", "Succeeded")


async def test_a_finished_run_is_deleted_when_its_time_is_over(world, driver):
    await start(world, driver, ttlSecondsAfterFinished=60)
    (key,) = world.pipelines.states
    world.pipelines.states[key] = succeeded()
    await driver.settle()
    assert (await driver.look(FIRST)).total_seconds() == 60
    world.clock.step(seconds=60)
    await driver.settle()
    assert driver.names("TrainingRun") == []
    assert driver.names("ModelVersion") == ["late-1.0.0"]


@pytest.mark.parametrize("state", [None, RunState(phase="Running", step="train"), STOPPED, succeeded()])
async def test_a_deleted_run_goes_at_every_stage(world, driver, state):
    await start(world, driver)
    (key,) = world.pipelines.states
    if state is None:
        del world.pipelines.states[key]
    else:
        world.pipelines.states[key] = state
        await driver.settle()
    world.cluster.remove(FIRST)
    await driver.settle()
    assert driver.names("TrainingRun") == []
    assert key in world.pipelines.cancelled


async def test_a_run_that_a_backup_brought_back_with_our_finalizer_goes_as_well(world, driver):
    restored = training_run("first")
    restored["metadata"]["finalizers"] = [naming.FINALIZER]
    world.cluster.add(restored)
    await driver.settle()
    world.cluster.remove(FIRST)
    await driver.settle()
    assert driver.names("TrainingRun") == []


async def test_a_run_that_is_deleted_before_it_was_looked_at_goes_at_once(world, driver):
    world.cluster.add(training_run("first"))
    world.cluster.remove(FIRST)
    await driver.settle()
    assert driver.names("TrainingRun") == []


async def test_an_engine_that_is_away_holds_a_deleted_run_for_a_minute_only(world, driver):
    await start(world, driver)
    world.pipelines.down = True
    world.cluster.remove(FIRST)
    await driver.settle()
    assert driver.names("TrainingRun") == ["first"]
    world.clock.step(minutes=1)
    await driver.settle()
    assert driver.names("TrainingRun") == []
