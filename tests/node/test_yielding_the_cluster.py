"""Going away, last of all by name: as docs/uninstall.md has it, with nobody there to help."""

import time

import pytest

from tests.node.platform import kuberay

pytestmark = pytest.mark.timeout(600)

KINDS = "inferenceservices,trainingruns,modelversions"


@pytest.fixture(scope="module")
def uninstalled(node, trimtab):
    """All uninstalled while MLflow and KubeRay are down; how many seconds our objects took to go."""
    node.stop("mlflow")
    node.kubectl("scale", f"deployment/{kuberay.NAME}", "-n", kuberay.NAMESPACE, "--replicas=0")
    begun = time.monotonic()
    node.kubectl("delete", KINDS, "--all", "--all-namespaces", "--timeout=120s", patience=150)
    seconds = time.monotonic() - begun
    trimtab.uninstall()
    return seconds


def test_our_objects_are_gone_within_a_minute(uninstalled):
    assert uninstalled <= 60  # a promise of docs/uninstall.md, not a measurement: nothing remote is waited for


@pytest.mark.usefixtures("uninstalled")
def test_neither_pods_nor_rights_nor_kinds_of_the_release_are_left(node):
    labelled = "--selector=app.kubernetes.io/instance=trimtab"
    left = "deployments,pods,services,configmaps,roles,rolebindings,clusterroles,clusterrolebindings,networkpolicies"
    node.kubectl("wait", "--for=delete", "pods", labelled, "--all-namespaces", "--timeout=60s")
    assert not [(it["kind"], it["metadata"]["name"]) for it in node.get(left, "--all-namespaces", labelled)["items"]]
    assert not [crd for crd in node.get("crd")["items"] if crd["spec"]["group"] == "trimtab.dev"]
