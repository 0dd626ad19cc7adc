"""What a RayService's status means; the whole way through a real API server is in tests/cluster/kuberay."""

import pytest

from trimtab.adapters.kube.pod_trouble import Obstacle
from trimtab.adapters.serving.kuberay.health import Health, health, refusal_in, with_obstacle

APP = "ns_svc"


def app(status: str, message: str = ""):
    return {"applicationStatuses": {APP: {"status": status, "message": message}}}


def ready(status: str, reason: str, message: str = ""):
    return {"conditions": [{"type": "Ready", "status": status, "reason": reason, "message": message}]}


def service(**status):
    return {"metadata": {"generation": 2}, "status": {"observedGeneration": 2, **status}}


ACTIVE = {"rayClusterName": "a", **app("RUNNING")}
CASES = {
    "nothing is told yet": ({}, Health("Deploying", "KubeRay is making the Ray cluster")),
    "the first cluster starts": (
        {"pendingServiceStatus": {"rayClusterName": "a"}},
        Health("Deploying", "the Ray cluster is starting", cluster="a"),
    ),
    "the first cluster's application cannot be imported": (
        {"pendingServiceStatus": {"rayClusterName": "a", **app("DEPLOY_FAILED", "File x\nImportError: y")}},
        Health("Failed", "ImportError: y", cluster="a"),
    ),
    "it runs": ({"activeServiceStatus": ACTIVE}, Health("Running", cluster="a")),
    "it runs and endpoints are there": (
        {"activeServiceStatus": ACTIVE, **ready("True", "NonZeroServeEndpoints")},
        Health("Running", cluster="a"),
    ),
    "the pods of what ran are gone": (
        {"activeServiceStatus": ACTIVE, **ready("False", "ZeroServeEndpoints")},
        Health("Deploying", "no pod of the Ray cluster is ready to answer", cluster="a"),
    ),
    "Serve has given up although endpoints are there": (
        {
            "activeServiceStatus": {"rayClusterName": "a", **app("DEPLOY_FAILED", "no such deployment")},
            **ready("True", "NonZeroServeEndpoints"),
        },
        Health("Failed", "no such deployment", cluster="a"),
    ),
    "Serve mends a replica": (
        {"activeServiceStatus": {"rayClusterName": "a", **app("UNHEALTHY", "a replica died")}},
        Health("Deploying", "a replica died", cluster="a"),
    ),
    "the application is not told of": (
        {"activeServiceStatus": {"rayClusterName": "a"}},
        Health("Deploying", "Serve is starting the application", cluster="a"),
    ),
    "a second cluster starts, and the first one's applications are not told meanwhile": (
        {"activeServiceStatus": {"rayClusterName": "a"}, "pendingServiceStatus": {"rayClusterName": "b"}},
        Health("Rolling", "a new Ray cluster is starting beside the one that serves", cluster="b"),
    ),
    "the second cluster fails": (
        {"activeServiceStatus": ACTIVE, "pendingServiceStatus": {"rayClusterName": "b", **app("DEPLOY_FAILED")}},
        Health("Rolling", "the new Ray cluster fails, the old one serves: DEPLOY_FAILED", "DeployFailed", "b"),
    ),
    "KubeRay refuses the RayService": (
        ready("False", "ValidationFailed", "name too long"),
        Health("Failed", "KubeRay refuses the RayService: name too long"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_status_means_what_the_table_says(case):
    status, meant = CASES[case]
    assert health(service(**status), APP) == meant


@pytest.mark.parametrize("observed", [1, None])
def test_a_status_of_an_older_generation_means_nothing(observed):
    old = service(activeServiceStatus=ACTIVE)
    old["status"]["observedGeneration"] = observed
    assert health(old, APP).phase == "Deploying"
    assert health({"metadata": {"generation": 1}}, APP).phase == "Deploying"


def test_another_services_application_says_nothing_of_ours():
    assert health(service(activeServiceStatus=ACTIVE), "ns_other").phase == "Deploying"


def test_an_obstacle_is_told_instead_of_how_far_it_is_but_never_instead_of_a_failure():
    full = Obstacle("Unschedulable", "no node takes a pod")
    coming = Health("Deploying", "the Ray cluster is starting", cluster="a")
    assert with_obstacle(coming, full) == Health("Deploying", "no node takes a pod", "Unschedulable", "a")
    failed = Health("Rolling", "ImportError", "DeployFailed", "b")
    assert with_obstacle(failed, full) == failed
    assert with_obstacle(coming, None) == coming


def test_a_refusal_that_has_passed_is_none():
    failure = {"type": "ReplicaFailure", "status": "True", "message": 'pods "a" is forbidden: exceeded quota: q'}
    assert refusal_in({"status": {"conditions": [failure]}}).reason == "PodRefused"
    assert refusal_in({"status": {"conditions": [failure | {"status": "False"}]}}) is None
    assert refusal_in({}) is None
