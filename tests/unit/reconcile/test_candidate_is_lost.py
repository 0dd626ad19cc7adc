"""A candidate that may no longer be served is not judged, whatever its evidence says."""

import pytest

from tests.support.objects import NAMESPACE, model_version, service
from trimtab.api.inferenceservice import GateState
from trimtab.contract.serving import ComparisonReport, MonitorReport
from trimtab.keys import Key

SVC = Key("InferenceService", NAMESPACE, "svc")
CANDIDATE = Key("ModelVersion", NAMESPACE, "late-1.1.0")


@pytest.fixture
async def won(world, driver):
    """Version 1.1.0 in shadow; the monitor has just said that it passes, and nobody has looked since."""
    world.cluster.add(model_version("1.0.0"))
    world.cluster.add(service("svc"))
    await driver.settle()
    world.cluster.add(model_version("1.1.0"))
    await driver.settle()
    gates = [GateState(metric="loss", verdict="Pass", estimate=-0.01, low=-0.1, high=-0.001)]
    world.serving.monitor = MonitorReport(comparison=ComparisonReport(version="1.1.0", requests=500, gates=gates))


def status(driver):
    return driver.get("InferenceService", "svc")["status"]


async def stays(driver):
    await driver.look(SVC)
    assert status(driver)["champion"]["version"] == "1.0.0"
    assert status(driver).get("shadow") is None
    assert [told["action"] for told in status(driver)["decisions"]] == ["Deployed", "Shadowed"]


@pytest.mark.usefixtures("won")
async def test_a_candidate_that_was_deleted_is_not_promoted(world, driver):
    world.cluster.remove(CANDIDATE)
    await stays(driver)


@pytest.mark.usefixtures("won")
async def test_a_candidate_that_is_being_deleted_is_not_promoted(world, driver):
    world.cluster.objects[CANDIDATE]["metadata"]["finalizers"] = ["example.org/backup"]
    world.cluster.remove(CANDIDATE)
    await stays(driver)


@pytest.mark.usefixtures("won")
async def test_a_pin_to_the_champion_comes_before_the_verdict(world, driver):
    world.cluster.change(SVC, version="1.0.0")
    await stays(driver)


@pytest.mark.usefixtures("won")
async def test_a_candidate_that_left_the_range_comes_again_with_it(world, driver):
    world.cluster.change(SVC, version="1.0.0")
    await stays(driver)
    world.cluster.change(SVC, version="^1")
    await driver.settle()
    assert status(driver)["champion"]["version"] == "1.1.0"
