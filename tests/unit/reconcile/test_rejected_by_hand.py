"""A version that a person rejects: a champion is rolled back, a candidate leaves; neither comes again."""

from tests.support.objects import NAMESPACE, model_version, service
from trimtab.api.inferenceservice import GateState
from trimtab.contract.serving import ComparisonReport, MonitorReport
from trimtab.keys import Key

SVC = Key("InferenceService", NAMESPACE, "svc")


async def serve(world, driver, *versions, **spec):
    for version in versions:
        world.cluster.add(model_version(version))
        if version == versions[0]:
            world.cluster.add(service("svc", **spec))
        await driver.settle()


async def reject(world, driver, version):
    world.cluster.change(Key("ModelVersion", NAMESPACE, f"late-{version}"), rejected=True)
    await driver.settle()


def status(driver):
    return driver.get("InferenceService", "svc")["status"]


def last_decision(driver):
    told = status(driver)["decisions"][-1]
    return told["action"], told["version"], told["message"]


async def test_a_rejected_champion_is_rolled_back_to_the_newest_below_it(world, driver):
    world.cluster.add(model_version("1.0.0"))
    await serve(world, driver, "1.1.0")
    await reject(world, driver, "1.1.0")
    assert status(driver)["champion"]["version"] == "1.0.0"
    assert world.serving.plans["ns", "svc"].champion.version == "1.0.0"
    assert last_decision(driver) == ("Deployed", "1.0.0", "rolled back: 1.1.0 was rejected")
    assert driver.get("ModelVersion", "late-1.1.0")["status"]["channel"] == "Rejected"


async def test_a_rollback_takes_no_version_that_was_never_judged(world, driver):
    world.cluster.add(model_version("1.0.0"))
    await serve(world, driver, "1.1.0", "1.2.0")
    await reject(world, driver, "1.1.0")
    assert status(driver)["champion"]["version"] == "1.0.0"
    assert status(driver)["shadow"]["version"] == "1.2.0"


def passing(version):
    gates = [GateState(metric="loss", verdict="Pass")]
    return MonitorReport(comparison=ComparisonReport(version=version, requests=500, gates=gates))


async def promoted_past_one_that_was_never_judged(world, driver):
    """Version 1.2.0 has followed 1.0.0; a newer one took the place of 1.1.0 before there was a verdict on it."""
    await serve(world, driver, "1.0.0", "1.1.0", "1.2.0")
    world.serving.monitor = passing("1.2.0")
    await driver.settle()
    world.serving.monitor = MonitorReport()


async def test_a_rollback_goes_to_the_version_that_was_in_place_before(world, driver):
    await promoted_past_one_that_was_never_judged(world, driver)
    await reject(world, driver, "1.2.0")
    assert last_decision(driver)[:2] == ("Shadowed", "1.1.0")
    assert (status(driver)["champion"]["version"], status(driver)["shadow"]["version"]) == ("1.0.0", "1.1.0")


async def test_a_rollback_that_recalls_no_decision_goes_to_a_version_that_was_champion(world, driver):
    await promoted_past_one_that_was_never_judged(world, driver)
    world.cluster.objects[SVC]["status"]["decisions"] = []
    await reject(world, driver, "1.2.0")
    assert status(driver)["champion"]["version"] == "1.0.0"


async def test_a_rejected_candidate_leaves_and_the_next_one_is_compared(world, driver):
    await serve(world, driver, "1.0.0", "1.1.0", "1.2.0")
    await reject(world, driver, "1.2.0")
    assert status(driver)["shadow"]["version"] == "1.1.0"
    assert ("Rejected", "1.2.0") in [(d["action"], d["version"]) for d in status(driver)["decisions"]]


async def test_a_champion_that_nothing_can_follow_answers_on_and_says_so(world, driver):
    await serve(world, driver, "1.0.0")
    await reject(world, driver, "1.0.0")
    assert status(driver)["champion"]["version"] == "1.0.0"
    found = driver.condition("InferenceService", "svc", "UpToDate")
    assert (found["status"], found["reason"]) == ("False", "NoVersionInRange")
    assert "1.0.0 was rejected and answers all the same" in found["message"]


async def test_a_pin_to_a_version_that_is_not_there_is_told(world, driver):
    await serve(world, driver, "1.0.0")
    world.cluster.change(SVC, version="1.0.9")
    await driver.settle()
    found = driver.condition("InferenceService", "svc", "UpToDate")
    assert (found["status"], found["reason"]) == ("False", "NoVersionInRange")
    assert "no ModelVersion of late lies in 1.0.9" in found["message"]
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")


async def test_what_cannot_be_served_is_told_by_its_newest_versions_in_the_order_of_their_numbers(world, driver):
    for number in ("1.0.10", "1.0.2", "1.0.9", "1.0.1"):
        world.cluster.add(model_version(number, rejected=True))
    world.cluster.add(service("svc"))
    await driver.settle()
    told = driver.condition("InferenceService", "svc", "Ready")["message"]
    assert "1.0.2 is rejected, 1.0.9 is rejected, 1.0.10 is rejected" in told
