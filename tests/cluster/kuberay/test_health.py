"""What is said of a service while KubeRay works, read from the objects that KubeRay and the kubelet would write."""

import pytest

from trimtab.contract.serving import Served

_REFUSAL = 'pods "svc-a-head-x7k2p" is forbidden: exceeded quota: small, requested: memory=2Gi, used: 0, limited: 1Gi'


@pytest.fixture
async def placed(stage):
    await stage.engine().apply(stage.plan())
    return stage


def said(found: Served) -> tuple[str, str]:
    return found.phase, found.reason


def coming(stage, **status) -> None:
    """A first cluster is on its way."""
    generation = stage.get("rayservice", "svc")["metadata"]["generation"]
    pending = {"pendingServiceStatus": {"rayClusterName": "svc-a"}}
    stage.say("rayservice", "svc", {"observedGeneration": generation, **pending, **status})


def cluster(stage, conditions=()) -> None:
    made = stage.get("rayservice", "svc")["spec"]["rayClusterConfig"]
    head = {"apiVersion": "ray.io/v1", "kind": "RayCluster"}
    stage.plane.apply({**head, "metadata": {"namespace": stage.namespace, "name": "svc-a"}, "spec": made})
    stage.say("raycluster", "svc-a", {"conditions": list(conditions)})


def pod(stage, status) -> None:
    labels = {"ray.io/cluster": "svc-a"}
    spec = {"containers": [{"name": "ray", "image": "registry.example/none"}]}
    meta = {"namespace": stage.namespace, "name": "svc-a-head", "labels": labels}
    stage.plane.apply({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec})
    stage.say("pod", "svc-a-head", status)


async def test_what_kuberay_has_not_seen_yet_is_being_deployed(placed):
    found = await placed.found()
    assert said(found) == ("Deploying", "")
    assert "operator" in found.message


async def test_an_application_that_runs_is_running(placed):
    placed.serving()
    assert said(await placed.found()) == ("Running", "")


async def test_running_is_about_the_generation_that_was_observed(placed):
    placed.serving()
    await placed.engine().apply(placed.plan("1.1.0"))
    assert said(await placed.found()) == ("Deploying", "")


async def test_an_application_that_failed_is_failed_although_ready_stays_true(placed):
    ready = {"type": "Ready", "status": "True", "reason": "NonZeroServeEndpoints", "message": ""}
    conditions = [{**ready, "lastTransitionTime": "2026-03-01T12:00:00Z"}]
    placed.serving("DEPLOY_FAILED", "Traceback\nImportError: no module", conditions=conditions)
    found = await placed.found()
    assert (said(found), found.message) == (("Failed", ""), "ImportError: no module")


async def test_a_second_cluster_is_a_roll(placed):
    placed.serving(pendingServiceStatus={"rayClusterName": "svc-b"})
    assert said(await placed.found()) == ("Rolling", "")


async def test_a_roll_that_fails_is_said_while_the_old_cluster_serves(placed):
    failed = {f"{placed.namespace}_svc": {"status": "DEPLOY_FAILED", "message": "ImportError: no module"}}
    placed.serving(pendingServiceStatus={"rayClusterName": "svc-b", "applicationStatuses": failed})
    found = await placed.found()
    assert said(found) == ("Rolling", "DeployFailed")
    assert "ImportError: no module" in found.message


async def test_a_quota_that_refuses_a_pod_is_told_without_the_pods_name(placed):
    coming(placed)
    failure = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreateHeadPod"}
    cluster(placed, [{**failure, "message": _REFUSAL, "lastTransitionTime": "2026-03-01T12:00:00Z"}])
    found = await placed.found()
    assert said(found) == ("Deploying", "PodRefused")
    assert "exceeded quota: small" in found.message
    assert "x7k2p" not in found.message


async def test_an_image_that_cannot_be_pulled_is_named(placed):
    coming(placed)
    cluster(placed)
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}
    state = {"name": "ray", "image": "registry.example/none", "imageID": "", "ready": False, "restartCount": 0}
    pod(placed, {"containerStatuses": [{**state, "state": waiting}]})
    found = await placed.found()
    assert said(found) == ("Deploying", "ImageNotPulled")
    assert "registry.example/none" in found.message


async def test_a_pod_that_no_node_takes_is_told(placed):
    coming(placed)
    cluster(placed)
    unscheduled = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}
    pod(placed, {"conditions": [unscheduled]})
    found = await placed.found()
    assert (said(found), found.message) == (("Deploying", "Unschedulable"), "no node takes a pod: 0/1 nodes")
