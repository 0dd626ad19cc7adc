"""The API server does not let an object be made: it is told in its words, all else goes on, and it is tried again."""

import pytest

from tests.support.objects import NAMESPACE, model_version, service, succeeded, training_run
from trimtab.api.inferenceservice import DriftState, Finding
from trimtab.contract.serving import MonitorReport
from trimtab.errors import Refuse, Retry
from trimtab.keys import Key

SVC = Key("InferenceService", NAMESPACE, "svc")
WORDS = "403: exceeded quota: objects"
ERRORS = [Refuse("ClusterRefused", WORDS), Retry("ClusterUnavailable", "500: failed calling webhook")]


@pytest.fixture
def refused(world):
    """Says from now on what the API server answers to a creation, None for that it makes the object again."""
    make, asked = world.cluster.create, []

    def answer(error):
        async def create(obj):
            asked.append(obj["metadata"]["name"])
            if error is not None:
                raise error
            return await make(obj)

        world.cluster.create = create
        return asked

    return answer


async def serve(world, driver):
    world.cluster.add(model_version("1.0.0"))
    world.cluster.add(service("svc"))
    await driver.settle()


def drifting():
    drift = DriftState(verdict="ConceptDrift", findings=[Finding(quantity="loss", reference=0.5, live=0.6, effect=0.1)])
    return MonitorReport(drift_version="1.0.0", drift=drift, consecutive_windows=2)


@pytest.mark.parametrize("error", ERRORS)
async def test_a_run_that_may_not_be_made_is_told_and_nothing_else_waits_for_it(world, driver, refused, error):
    await serve(world, driver)
    refused(error)
    world.serving.monitor = drifting()
    world.cluster.change(SVC, resources={"cpu": "2"})
    await driver.settle()
    found = driver.condition("InferenceService", "svc", "RetrainAllowed")
    assert (found["status"], found["reason"], found["message"]) == ("False", "RunRefused", error.message)
    status = driver.get("InferenceService", "svc")["status"]
    assert (status["observedGeneration"], status["episode"]) == (2, 0)
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")
    assert driver.says("InferenceService", "svc", "Stable") == ("False", "ConceptDrift")


async def test_a_run_that_may_not_be_made_is_tried_again_but_not_at_every_look(world, driver, refused):
    await serve(world, driver)
    asked = refused(ERRORS[0])
    world.serving.monitor = drifting()
    for _ in range(29):
        await driver.look(SVC)
        world.clock.step(seconds=1)
    assert asked == ["svc-drift-1"]
    refused(None)
    world.clock.step(seconds=1)
    await driver.settle()
    assert driver.names("TrainingRun") == ["svc-drift-1"]
    assert driver.says("InferenceService", "svc", "RetrainAllowed") == ("False", "AlreadyRunning")


async def test_a_version_that_may_not_be_made_is_told_and_made_when_nothing_refuses_it_any_longer(
    world, driver, refused
):
    world.cluster.add(training_run("first"))
    await driver.settle()
    (key,) = world.pipelines.states
    refused(ERRORS[0])
    world.pipelines.states[key] = succeeded()
    await driver.settle()
    found = driver.condition("TrainingRun", "first", "Registered")
    assert (found["status"], found["reason"], found["message"]) == ("False", "VersionRefused", WORDS)
    assert driver.says("TrainingRun", "first", "Ready") == ("False", "VersionRefused")
    assert driver.says("TrainingRun", "first", "Reconciling") == ("True", "Retrying")
    refused(None)
    await driver.settle()
    assert driver.says("TrainingRun", "first", "Ready") == ("True", "Succeeded")
