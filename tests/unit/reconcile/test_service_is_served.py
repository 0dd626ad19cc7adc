"""Which version a service puts in place, and when it calls itself ready."""

from datetime import timedelta

import pytest

from tests.support.objects import NAMESPACE, model_version, service
from trimtab.contract.serving import MonitorReport, VersionHealth
from trimtab.errors import Refuse
from trimtab.keys import Key
from trimtab.reconcile import naming

SVC = Key("InferenceService", NAMESPACE, "svc")


async def serve(world, driver, *versions, **spec):
    for version in versions:
        world.cluster.add(version if isinstance(version, dict) else model_version(version))
    world.cluster.add(service("svc", **spec))
    await driver.settle()


def says(driver, type_):
    return driver.says("InferenceService", "svc", type_)


def champion(driver):
    return (driver.get("InferenceService", "svc")["status"].get("champion") or {}).get("version")


async def test_the_first_champion_is_the_newest_in_range(world, driver):
    await serve(world, driver, "1.0.0", "1.10.0", "1.9.0", "2.0.0")
    assert champion(driver) == "1.10.0"
    assert world.serving.plans["ns", "svc"].champion.version == "1.10.0"
    assert says(driver, "Ready") == ("True", "Answering")


async def test_an_exact_version_is_taken_as_it_is(world, driver):
    await serve(world, driver, "1.0.0", "1.1.0", version="1.0.0")
    assert champion(driver) == "1.0.0"
    assert says(driver, "UpToDate") == ("True", "ChampionIsNewest")


async def test_a_refused_version_is_never_chosen(world, driver):
    await serve(world, driver, "1.0.0", model_version("1.1.0", rejected=True))
    assert champion(driver) == "1.0.0"


async def test_without_a_version_the_service_says_what_is_missing(world, driver):
    await serve(world, driver, "2.0.0")
    assert says(driver, "Ready") == ("False", "NoVersionInRange")
    assert says(driver, "UpToDate") == ("False", "NoVersionInRange")
    assert not world.serving.applied


async def test_a_version_that_comes_later_is_taken(world, driver):
    await serve(world, driver)
    world.cluster.add(model_version("1.0.0"))
    await driver.settle()
    assert says(driver, "Ready") == ("True", "Answering")


async def test_a_newer_version_out_of_range_is_told_and_left(world, driver):
    await serve(world, driver, "1.0.0", "2.0.0")
    found = driver.condition("InferenceService", "svc", "UpToDate")
    assert (found["status"], found["message"]) == (
        "True",
        "2.0.0 lies outside of ^1; change spec.version to take it",
    )


async def test_a_changed_range_takes_effect_at_once(world, driver):
    await serve(world, driver, "1.0.0", "2.0.0")
    world.cluster.change(SVC, version="^2")
    await driver.settle()
    assert champion(driver) == "2.0.0"
    assert world.serving.plans["ns", "svc"].champion.version == "2.0.0"


async def test_a_pin_to_an_older_version_goes_back_to_it(world, driver):
    await serve(world, driver, "1.0.0", "1.1.0")
    world.cluster.change(SVC, version="1.0.0")
    await driver.settle()
    assert world.serving.plans["ns", "svc"].champion.version == "1.0.0"


async def test_a_range_that_holds_nothing_leaves_what_is_served(world, driver):
    await serve(world, driver, "1.0.0")
    world.cluster.change(SVC, version="^3")
    await driver.settle()
    assert world.serving.plans["ns", "svc"].champion.version == "1.0.0"


async def test_an_application_that_is_gone_is_put_in_place_again(world, driver):
    await serve(world, driver, "1.0.0")
    world.serving.plans.clear()
    await driver.settle()
    assert world.serving.plans["ns", "svc"].champion.version == "1.0.0"


async def test_an_application_that_somebody_changed_is_set_right(world, driver):
    await serve(world, driver, "1.0.0")
    plan = world.serving.plans["ns", "svc"]
    world.serving.plans["ns", "svc"] = plan.model_copy(update={"model": "other"})
    await driver.settle()
    assert world.serving.plans["ns", "svc"] == plan


async def test_a_champion_is_recognised_when_the_status_was_lost(world, driver):
    await serve(world, driver, "1.0.0")
    world.cluster.add(model_version("1.1.0"))
    del world.cluster.objects[SVC]["status"]
    await driver.settle()
    assert champion(driver) == "1.0.0"
    assert driver.get("InferenceService", "svc")["status"]["shadow"]["version"] == "1.1.0"


async def test_a_champion_whose_object_was_deleted_goes_on_serving(world, driver):
    await serve(world, driver, "1.0.0")
    world.cluster.remove(Key("ModelVersion", NAMESPACE, "late-1.0.0"))
    await driver.settle()
    assert says(driver, "Ready") == ("True", "Answering")
    assert len(world.serving.applied) == 1


async def test_a_service_is_ready_only_when_the_champion_itself_answers(world, driver):
    world.serving.monitor = MonitorReport(champion=VersionHealth(version="0.9.0"))
    await serve(world, driver, "1.0.0")
    assert says(driver, "Ready") == ("False", "Deploying")
    assert says(driver, "Reconciling") == ("True", "Deploying")


@pytest.mark.parametrize(
    ("changes", "ready"),
    [
        ({"phase": "Failed"}, ("False", "DeployFailed")),
        ({"phase": "Deploying", "answers": False}, ("False", "Deploying")),
        ({"answers": False}, ("False", "NotAnswering")),
        ({"down": True}, ("Unknown", "ServingUnavailable")),
        (
            {"monitor": MonitorReport(champion=VersionHealth(error="digest differs"))},
            ("False", "VersionNotLoaded"),
        ),
    ],
)
async def test_what_is_wrong_is_said_and_passes_with_its_cause(world, driver, changes, ready):
    await serve(world, driver, "1.0.0")
    before = {name: getattr(world.serving, name) for name in changes}
    for name, value in changes.items():
        setattr(world.serving, name, value)
    await driver.settle()
    assert says(driver, "Ready") == ready
    for name, value in before.items():
        setattr(world.serving, name, value)
    await driver.settle()
    assert says(driver, "Ready") == ("True", "Answering")


async def test_a_deployment_that_failed_is_tried_again_but_not_at_every_look(world, driver):
    await serve(world, driver, "1.0.0")
    world.serving.phase = "Failed"
    await driver.settle()
    assert says(driver, "Stalled") == ("True", "DeployFailed")
    assert len(world.serving.applied) == 1
    world.clock.step(seconds=30)
    await driver.look(SVC)
    assert len(world.serving.applied) == 2


async def test_a_plan_that_the_engine_refuses_is_told(world, driver):
    async def refuse(_):
        raise Refuse("DeployFailed", "no such option")

    world.serving.apply = refuse
    await serve(world, driver, "1.0.0")
    assert says(driver, "Ready") == ("False", "DeployFailed")


async def test_a_spec_that_became_unreadable_leaves_what_is_served(world, driver):
    await serve(world, driver, "1.0.0")
    world.cluster.change(SVC, version="latest and greatest")
    await driver.settle()
    assert says(driver, "Ready") == ("False", "InvalidSpec")
    assert champion(driver) == "1.0.0"
    assert world.serving.plans["ns", "svc"].champion.version == "1.0.0"


async def test_a_suspended_service_is_taken_down_and_comes_back_as_it_was(world, driver):
    await serve(world, driver, "1.0.0")
    world.cluster.change(SVC, suspend=True)
    await driver.settle()
    assert not world.serving.plans
    assert says(driver, "Ready") == ("False", "Suspended")
    world.cluster.add(model_version("1.1.0"))
    world.cluster.change(SVC, suspend=False)
    await driver.settle()
    assert champion(driver) == "1.0.0"
    assert says(driver, "Ready") == ("True", "Answering")


async def test_a_suspended_service_that_cannot_be_taken_down_says_that_it_may_answer_still(world, driver):
    await serve(world, driver, "1.0.0")
    url = driver.get("InferenceService", "svc")["status"]["url"]
    world.serving.down = True
    world.cluster.change(SVC, suspend=True)
    await driver.settle()
    assert says(driver, "Ready") == ("Unknown", "ServingUnavailable")
    assert "cannot be taken down yet" in driver.condition("InferenceService", "svc", "Ready")["message"]
    assert driver.get("InferenceService", "svc")["status"]["url"] == url
    assert await driver.look(SVC) == timedelta(seconds=1)
    world.serving.down = False
    await driver.settle()
    assert not world.serving.plans
    assert says(driver, "Ready") == ("False", "Suspended")
    assert says(driver, "Reconciling")[0] == "absent"


async def test_a_deleted_service_takes_its_application_with_it(world, driver):
    await serve(world, driver, "1.0.0")
    world.cluster.remove(SVC)
    await driver.settle()
    assert not world.serving.plans
    assert driver.names("InferenceService") == []


async def test_a_service_that_a_backup_brought_back_with_our_finalizer_goes_as_well(world, driver):
    restored = service("svc")
    restored["metadata"]["finalizers"] = [naming.FINALIZER]
    world.cluster.add(restored)
    await driver.settle()
    world.cluster.remove(SVC)
    await driver.settle()
    assert driver.names("InferenceService") == []


async def test_a_serving_plane_that_is_away_holds_a_deleted_service_for_a_minute_only(world, driver):
    await serve(world, driver, "1.0.0")
    world.serving.down = True
    world.cluster.remove(SVC)
    await driver.settle()
    assert driver.names("InferenceService") == ["svc"]
    world.clock.step(minutes=1)
    await driver.settle()
    assert driver.names("InferenceService") == []
