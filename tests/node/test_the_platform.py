"""What the cluster's owner brings, before trimtab is looked at."""

import urllib.request

import pytest

pytestmark = pytest.mark.timeout(600)


@pytest.mark.usefixtures("platform")
def test_kuberay_runs_restricted(node):
    assert node.get("deployment", "kuberay-operator", "-n", "kuberay-system")["status"]["readyReplicas"] == 1


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize("service", ["mlflow", "s3"])
def test_a_neighbour_answers_at_its_services_address(node, service):
    spec = node.get("service", service, "-n", "platform")["spec"]
    with urllib.request.urlopen(f"http://{spec['clusterIP']}:{spec['ports'][0]['port']}/health") as answer:
        assert answer.status == 200
