"""The whole loop on a real cluster, from `helm install` to a model retrained because of drift, without a hand."""

import json

import pytest

from tests.node.story.flights import NAMESPACE

pytestmark = pytest.mark.timeout(1500)

SERVICE = "flight-delay"


def test_the_first_version_is_trained_by_a_job_and_served_by_kuberay(node, spring):
    assert spring["decisions"][0]["action"] == "Deployed"
    assert node.get("rayservices", "-n", NAMESPACE)["items"][0]["metadata"]["name"] == SERVICE


def test_drift_makes_a_second_training_without_a_hand(spring):
    drifted = [run for run in spring["runs"] if run["trigger"] == "Drift"]
    assert drifted
    assert not any(run["failure"] for run in drifted)


def test_a_retrained_version_is_shadowed_and_promoted(spring):
    happened = [(decision["action"], decision["version"]) for decision in spring["decisions"]]
    promoted = [version for action, version in happened if action == "Promoted"]
    assert promoted
    assert all(happened.index(("Shadowed", v)) < happened.index(("Promoted", v)) for v in promoted)


def test_no_request_fails_meanwhile(spring):
    assert spring["requests"]["failed"] == 0, spring["requests"]["errors"]
    assert spring["requests"]["sent"] > 1000


def test_training_and_serving_pods_run_as_restricted_as_the_namespace_asks(node, spring):  # noqa: ARG001
    refused = node.get("events", "-n", NAMESPACE, "--field-selector=reason=FailedCreate")["items"]
    assert not refused, refused[0]["message"]


@pytest.mark.usefixtures("spring")
def test_a_suspended_service_lets_its_pods_go_and_comes_back_as_it_was(node):
    champion = service(node)["status"]["champion"]
    suspend(node, yes=True)
    gone = ("wait", "--for=delete", "--timeout=90s", "-n", NAMESPACE)
    node.kubectl(*gone, f"rayservice/{SERVICE}", patience=100)
    node.kubectl(*gone, "pods", f"--selector=trimtab.dev/service={SERVICE}", patience=100)
    suspend(node, yes=False)
    node.wait("condition=Ready", f"inferenceservice/{SERVICE}", namespace=NAMESPACE)
    assert service(node)["status"]["champion"] == champion


def service(node):
    return node.get("inferenceservice", SERVICE, "-n", NAMESPACE)


def suspend(node, *, yes):
    patch = json.dumps({"spec": {"suspend": yes}})
    node.kubectl("patch", "inferenceservice", SERVICE, "-n", NAMESPACE, "--type=merge", f"--patch={patch}")
