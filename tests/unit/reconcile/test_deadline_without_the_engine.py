"""The deadline of a TrainingRun that the engine does not take, or of which it says nothing."""

import pytest

from tests.support.objects import NAMESPACE, report, succeeded, training_run
from trimtab.contract.run import Held, RunState
from trimtab.errors import Refuse, Retry
from trimtab.keys import Key

FIRST = Key("TrainingRun", NAMESPACE, "first")
TRAINING = RunState(phase="Running", step="train", report=report(mlflow_version=None))


async def start(world, driver, **spec):
    world.cluster.add(training_run("first", activeDeadlineSeconds=3600, **spec))
    await driver.settle()


async def reach(world, driver, state):
    for key in world.pipelines.states:
        world.pipelines.states[key] = state
    await driver.settle()


async def after(world, driver, **time):
    world.clock.step(**time)
    await driver.settle()


def stalled(driver):
    return driver.says("TrainingRun", "first", "Stalled")


def ready(driver):
    return driver.says("TrainingRun", "first", "Ready")


@pytest.fixture
def forbidden(world):
    """An engine that answers, and is not let start anything."""

    async def refuse(*_):
        raise Retry("EngineUnavailable", "the API server refuses the run's Job: 403: no team")

    world.pipelines.start = refuse


@pytest.fixture
def silence(world):
    """Called, the engine tells nothing of its runs any more; they can still be stopped."""

    async def say_nothing(*_):
        raise Retry("EngineUnavailable", "MLflow does not answer")

    def fall():
        world.pipelines.find = say_nothing

    return fall


@pytest.mark.usefixtures("forbidden")
@pytest.mark.parametrize("spec", [{}, {"queueName": "gpu"}], ids=str)
async def test_a_run_that_is_never_let_start_ends_at_its_deadline_and_says_why_it_was_not(world, driver, spec):
    await start(world, driver, **spec)
    await after(world, driver, seconds=3599)
    assert ready(driver) == ("Unknown", "EngineUnavailable")
    await after(world, driver, seconds=1)
    assert stalled(driver) == ("True", "DeadlineExceeded")
    assert driver.condition("TrainingRun", "first", "Ready")["message"].endswith("403: no team")


async def test_a_run_ends_at_its_deadline_when_nothing_is_heard_of_it(world, driver, silence):
    await start(world, driver)
    await reach(world, driver, TRAINING)
    silence()
    await driver.settle()
    await after(world, driver, seconds=3599)
    assert ready(driver) == ("Unknown", "EngineUnavailable")
    await after(world, driver, seconds=1)
    assert world.pipelines.cancelled
    assert stalled(driver) == ("True", "DeadlineExceeded")
    assert driver.says("TrainingRun", "first", "DataValid") == ("True", "DataValid")
    assert driver.says("TrainingRun", "first", "Trained") == ("False", "DeadlineExceeded")
    assert driver.get("TrainingRun", "first")["status"]["metrics"] == {"auc": 0.7}


async def test_an_engine_that_comes_back_after_the_deadline_may_yet_say_that_the_run_is_done(world, driver, silence):
    """Operator and engine were away together, and the engine comes back a moment later."""
    await start(world, driver)
    world.clock.step(hours=2)
    known = world.pipelines.find
    silence()
    await driver.settle()
    await after(world, driver, minutes=9)
    assert stalled(driver)[0] == "absent"
    world.pipelines.find = known
    await reach(world, driver, succeeded())
    assert ready(driver) == ("True", "Succeeded")


async def test_a_run_that_cannot_be_stopped_does_not_end_at_its_deadline(world, driver):
    await start(world, driver)
    world.pipelines.down = True
    await driver.settle()
    await after(world, driver, hours=2)
    assert stalled(driver)[0] == "absent"
    assert ready(driver) == ("Unknown", "EngineUnavailable")
    world.pipelines.down = False
    await driver.settle()
    assert world.pipelines.cancelled
    assert stalled(driver) == ("True", "DeadlineExceeded")


async def test_an_engine_that_is_away_takes_no_time_from_a_run_in_a_queue(world, driver, silence):
    await start(world, driver, queueName="gpu")
    await reach(world, driver, RunState(phase="Running", held=Held(reason="Queued", message="queue gpu is full")))
    silence()
    await driver.settle()
    await after(world, driver, hours=2)
    assert stalled(driver)[0] == "absent"


async def test_a_run_that_is_to_be_suspended_does_not_end_at_its_deadline(world, driver, silence):
    await start(world, driver)
    silence()
    world.cluster.change(FIRST, suspend=True)
    await driver.settle()
    await after(world, driver, hours=2)
    assert stalled(driver)[0] == "absent"


async def test_a_run_that_is_done_but_for_its_version_does_not_end_at_its_deadline(world, driver, silence):
    await start(world, driver)

    async def refuse(_):
        raise Refuse("ClusterRefused", "403: exceeded quota")

    world.cluster.create = refuse
    await reach(world, driver, succeeded())
    silence()
    await driver.settle()
    await after(world, driver, hours=2)
    assert stalled(driver)[0] == "absent"
