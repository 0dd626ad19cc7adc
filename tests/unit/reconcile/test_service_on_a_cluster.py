"""What a service says while pods come up for it, and while what serves is replaced as a whole."""

import pytest

from tests.support.objects import NAMESPACE, model_version, service
from trimtab.api.inferenceservice import InferenceServiceSpec
from trimtab.contract.serving import MonitorReport, RouteState, VersionHealth
from trimtab.errors import Wait
from trimtab.keys import Key

SVC = Key("InferenceService", NAMESPACE, "svc")
PODS = ["PodRefused", "Unschedulable", "ImageNotPulled", "PodNotStarting"]


async def serve(world, driver):
    world.cluster.add(model_version("1.0.0"))
    world.cluster.add(service("svc"))
    await driver.settle()


def says(driver, type_):
    return driver.says("InferenceService", "svc", type_)


def message(driver, type_):
    return driver.condition("InferenceService", "svc", type_)["message"]


async def see(world, driver, phase, **told):
    world.serving.phase, world.serving.told = phase, told
    await driver.settle()


@pytest.mark.parametrize("reason", PODS)
async def test_pods_that_do_not_come_up_are_told_with_their_cause_and_pass_with_it(world, driver, reason):
    world.serving.answers = False
    await serve(world, driver)
    await see(world, driver, "Deploying", reason=reason, message="because; do this")
    assert says(driver, "Ready") == ("False", reason)
    assert says(driver, "Reconciling") == ("True", reason)
    assert says(driver, "UpToDate") == ("False", reason)
    assert message(driver, "Ready") == "because; do this"
    world.serving.answers = True
    await see(world, driver, "Running")
    assert says(driver, "Ready") == ("True", "Answering")
    assert says(driver, "Reconciling") == ("absent", "")


async def test_how_far_a_deployment_is_stands_in_the_message(world, driver):
    world.serving.answers = False
    await serve(world, driver)
    await see(world, driver, "Deploying", message="the Ray cluster is starting")
    assert message(driver, "Ready") == "1.0.0 is being put in place: the Ray cluster is starting"


async def test_a_candidate_that_is_not_taken_up_says_why_while_the_champion_answers(world, driver):
    await serve(world, driver)
    world.cluster.add(model_version("1.1.0"))
    world.serving.monitor = MonitorReport(candidate=VersionHealth(version="1.0.9"))  # the one before
    await see(world, driver, "Deploying", message="KubeRay has not taken it up")
    assert says(driver, "ShadowHealthy") == ("Unknown", "Pending")
    assert message(driver, "ShadowHealthy") == "1.1.0 is being loaded: KubeRay has not taken it up"
    assert says(driver, "Ready") == ("True", "Answering")


async def test_a_roll_is_told_apart_and_takes_nothing_from_a_service_that_answers(world, driver):
    await serve(world, driver)
    await see(world, driver, "Rolling", message="a new Ray cluster is starting")
    assert says(driver, "Ready") == ("True", "Answering")
    assert says(driver, "UpToDate") == ("True", "ChampionIsNewest")
    assert says(driver, "Reconciling") == ("True", "Rolling")
    await see(world, driver, "Running")
    assert says(driver, "Reconciling") == ("absent", "")


async def test_a_roll_whose_pods_do_not_come_up_says_so_beside_ready(world, driver):
    await serve(world, driver)
    await see(world, driver, "Rolling", reason="Unschedulable", message="no node takes a pod")
    assert says(driver, "Ready") == ("True", "Answering")
    assert says(driver, "Reconciling") == ("True", "Unschedulable")


async def test_a_roll_that_failed_is_stalled_while_the_old_cluster_answers(world, driver):
    await serve(world, driver)
    await see(world, driver, "Rolling", reason="DeployFailed", message="ImportError")
    assert says(driver, "Ready") == ("True", "Answering")
    assert says(driver, "Stalled") == ("True", "DeployFailed")


async def test_a_plan_that_would_be_put_otherwise_now_is_put_again(world, driver):
    await serve(world, driver)
    world.serving.told = {"outdated": True}
    await driver.look(SVC)
    assert len(world.serving.applied) == 2


async def test_kuberay_that_is_not_installed_is_said_and_waited_for(world, driver):
    async def missing(_):
        raise Wait("KubeRayNotInstalled", "install KubeRay")

    there, world.serving.apply = world.serving.apply, missing
    await serve(world, driver)
    assert says(driver, "Ready") == ("False", "KubeRayNotInstalled")
    assert says(driver, "Reconciling") == ("True", "KubeRayNotInstalled")
    world.serving.apply = there
    await driver.settle()
    assert says(driver, "Ready") == ("True", "Answering")


async def test_resources_reach_the_serving_plane(world, driver):
    await serve(world, driver)
    asked = {"cpu": "2", "memory": "4Gi"}
    world.cluster.change(SVC, resources=asked)
    await driver.settle()
    assert world.serving.plans["ns", "svc"].resources == InferenceServiceSpec(model="m", resources=asked).resources


ROUTE = {"gateway": {"name": "public"}, "hostnames": ["late.example.com"]}


async def test_without_a_route_there_is_nothing_to_take_up(world, driver):
    await serve(world, driver)
    assert says(driver, "Routed") == ("True", "NoRoute")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, ("Unknown", "Pending")),
        (RouteState(), ("Unknown", "Pending")),
        (RouteState(accepted=True), ("True", "RouteAccepted")),
        (RouteState(accepted=False, message="NotAllowedByListeners: no"), ("False", "RouteNotAccepted")),
    ],
)
async def test_what_the_gateway_says_is_told_and_takes_nothing_from_ready(world, driver, state, said):
    await serve(world, driver)
    world.cluster.change(SVC, route=ROUTE)
    await see(world, driver, "Running", route=state)
    assert says(driver, "Routed") == said
    assert says(driver, "Ready") == ("True", "Answering")
    assert world.serving.plans["ns", "svc"].route.hostnames == ["late.example.com"]


async def test_whether_it_is_routed_is_unknown_while_the_engine_is_away(world, driver):
    await serve(world, driver)
    world.cluster.change(SVC, route=ROUTE)
    world.serving.down = True
    await driver.settle()
    assert says(driver, "Routed") == ("Unknown", "ServingUnavailable")
