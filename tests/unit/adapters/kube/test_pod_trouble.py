"""What keeps a pod from running, in words that stay the same while nothing changes."""

from typing import get_args

import pytest

from trimtab.adapters.kube.pod_trouble import Obstacle, PodReason, of_pods, refused
from trimtab.api.reasons import ServiceReason, TrainingReason


def waiting(reason: str, message: str = "", **fields):
    container = {"name": "ray", "image": "serving:1", "state": {"waiting": {"reason": reason, "message": message}}}
    return {"status": {"containerStatuses": [{**container, **fields}]}}


@pytest.mark.parametrize("reasons", [ServiceReason, TrainingReason])
def test_both_kinds_that_have_pods_can_say_what_keeps_them(reasons):
    assert set(get_args(PodReason)) <= set(reasons)


@pytest.mark.parametrize(
    "reason", ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"]
)
def test_every_way_to_miss_an_image_is_told_alike(reason):
    found = of_pods([waiting(reason, 'Back-off pulling image "serving:1" 10s')])
    text = "the image serving:1 cannot be pulled; check its name, the registry and the pull secret"
    assert found == Obstacle("ImageNotPulled", text)


def test_a_secret_that_is_missing_is_named():
    found = of_pods([waiting("CreateContainerConfigError", 'secret "lake" not found')])
    assert found is not None
    assert found.reason == "PodNotStarting"
    assert 'secret "lake" not found' in found.message


def test_a_container_that_ends_again_and_again_is_told_by_its_end_and_not_by_the_time_it_waits():
    ended = {"terminated": {"reason": "OOMKilled", "exitCode": 137}}
    found = of_pods([waiting("CrashLoopBackOff", "back-off 20s restarting", lastState=ended)])
    assert found == Obstacle("PodNotStarting", "CrashLoopBackOff: OOMKilled with status 137; read the log of ray")


def test_an_init_container_that_cannot_start_counts_too():
    pod = waiting("ErrImagePull")
    pod["status"]["initContainerStatuses"] = pod["status"].pop("containerStatuses")
    assert of_pods([pod]).reason == "ImageNotPulled"


def test_a_pod_that_is_on_its_way_is_no_obstacle():
    creating = waiting("ContainerCreating")
    scheduled = {"status": {"conditions": [{"type": "PodScheduled", "status": "True"}]}}
    assert of_pods([creating, scheduled, {}]) is None


def test_the_first_obstacle_is_told():
    no_room = {"type": "PodScheduled", "status": "False", "message": "0/3 nodes are available: 3 Insufficient cpu."}
    pods = [{"status": {"phase": "Running"}}, {"status": {"conditions": [no_room]}}, waiting("ErrImagePull")]
    assert of_pods(pods).reason == "Unschedulable"


def test_a_refusal_names_no_pod_and_says_what_to_do():
    said = refused('FailedCreateHeadPod\npods "svc-a-head-x7k2p" is forbidden: exceeded quota: small')
    assert said == Obstacle(
        "PodRefused", "FailedCreateHeadPod pods is forbidden: exceeded quota: small; raise the quota"
    )
    assert "admit" in refused('pods "a" is forbidden: violates PodSecurity "restricted:latest"').message
