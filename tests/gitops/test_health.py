"""Argo CD, Flux and Helm see in each state of our objects what is the case, and are of one mind."""

import pytest

from tests.gitops.judges import argocd, kstatus
from tests.support.objects import NAMESPACE, model_version, service, succeeded, training_run
from trimtab.contract.run import Failure, RunState
from trimtab.keys import Key

pytestmark = pytest.mark.timeout(900)  # the first test builds the judges
RUN, VERSION, SERVICE = ("TrainingRun", "first"), ("ModelVersion", "late-1.0.0"), ("InferenceService", "svc")
FAILED = RunState(phase="Failed", step="train", failure=Failure(step="train", reason="TrainingRaised", message="broke"))


async def new_run(world, driver):  # noqa: ARG001 - nobody looks at it yet
    world.cluster.add(training_run("first"))


async def running(world, driver):
    world.cluster.add(training_run("first"))
    await driver.settle()


async def finished(world, driver):
    await running(world, driver)
    world.pipelines.states[next(iter(world.pipelines.states))] = succeeded()
    await driver.settle()


async def broken(world, driver):
    await running(world, driver)
    world.pipelines.states[next(iter(world.pipelines.states))] = FAILED
    await driver.settle()


async def held(world, driver):
    world.cluster.add(training_run("first", suspend=True))
    await driver.settle()


async def engine_away(world, driver):
    world.pipelines.down = True
    await running(world, driver)


async def verified(world, driver):
    world.cluster.add(model_version("1.0.0"))
    await driver.settle()


async def new_service(world, driver):  # noqa: ARG001 - nobody looks at it yet
    world.cluster.add(service("svc"))


async def without_version(world, driver):
    world.cluster.add(service("svc"))
    await driver.settle()


async def answering(world, driver):
    world.cluster.add(model_version("1.0.0"))
    await without_version(world, driver)


async def deploying(world, driver):
    world.serving.phase, world.serving.answers = "Deploying", False
    await answering(world, driver)


async def deploy_failed(world, driver):
    world.serving.phase, world.serving.answers = "Failed", False
    await answering(world, driver)


async def changed(world, driver):
    await answering(world, driver)
    world.cluster.change(Key("InferenceService", NAMESPACE, "svc"), version="~1.0")


async def taken_down(world, driver):
    world.cluster.add(model_version("1.0.0"))
    world.cluster.add(service("svc", suspend=True))
    await driver.settle()


STATES = [
    (new_run, RUN, "InProgress", "Progressing"),
    (running, RUN, "InProgress", "Progressing"),
    (finished, RUN, "Current", "Healthy"),
    (broken, RUN, "Failed", "Degraded"),
    (held, RUN, "InProgress", "Suspended"),
    (engine_away, RUN, "InProgress", "Progressing"),
    (verified, VERSION, "Current", "Healthy"),
    (new_service, SERVICE, "InProgress", "Progressing"),
    (without_version, SERVICE, "InProgress", "Progressing"),
    (answering, SERVICE, "Current", "Healthy"),
    (deploying, SERVICE, "InProgress", "Progressing"),
    (deploy_failed, SERVICE, "Failed", "Degraded"),
    (changed, SERVICE, "InProgress", "Progressing"),
    (taken_down, SERVICE, "InProgress", "Suspended"),
]
BY_NAME = {"argvalues": STATES, "ids": [state[0].__name__ for state in STATES]}


@pytest.mark.parametrize(("reach", "which", "flux", "_argo"), **BY_NAME)
async def test_flux_and_helm_see_the_state(world, driver, stored, reach, which, flux, _argo):
    await reach(world, driver)

    assert kstatus(stored(*which)) == flux


@pytest.mark.parametrize(("reach", "which", "_flux", "argo"), **BY_NAME)
async def test_argo_cd_sees_the_state(world, driver, stored, reach, which, _flux, argo):
    await reach(world, driver)

    assert argocd(stored(*which)).health == argo


async def test_argo_cd_shows_what_to_do(world, driver, stored):
    await broken(world, driver)

    assert argocd(stored(*RUN)).message.startswith("broke")


async def test_an_object_without_any_status_would_be_taken_for_ready(world, driver, stored):
    await new_run(world, driver)

    assert kstatus({**stored(*RUN), "status": {}}) == "Current"  # why our kinds say -1 from the start
