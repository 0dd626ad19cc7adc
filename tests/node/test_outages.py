"""What is said when the cluster does not play along, and that it mends by itself."""

from contextlib import contextmanager

import pytest

from tests.node.machine import kubelet
from tests.node.machine.controlplane import apiserver
from tests.node.machine.place import NODE
from tests.node.platform.trimtab import NAMESPACE as OPERATOR_NAMESPACE
from tests.node.story.service import LEASE
from trimtab.api.common import API_VERSION

pytestmark = pytest.mark.timeout(900)

NAMESPACE = "outages"


@pytest.fixture(autouse=True, scope="module")
def admitted(trimtab):
    trimtab.admit(NAMESPACE)


def training(name, namespace, image):
    """A run whose pod never comes to reading data."""
    spec = {
        "model": "never",
        "data": {"uri": "s3://models/flights/data", "target": "late", "holdout": {"by": "Random"}},
        "trainer": {"entrypoint": "flights.train:train", "image": image},
    }
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": API_VERSION, "kind": "TrainingRun", "metadata": metadata, "spec": spec}


def until_ready_says(node, namespace, run, reason):
    path = "{.status.conditions[?(@.type=='Ready')].reason}"
    node.wait(f"jsonpath={path}={reason}", f"trainingrun/{run}", namespace=namespace)
    return node.get("trainingrun", run, "-n", namespace)["status"]["conditions"]


def test_an_image_that_cannot_be_had_is_said_with_its_name(node):
    node.apply(training("no-image", NAMESPACE, "trimtab/absent:1"))
    conditions = until_ready_says(node, NAMESPACE, "no-image", "ImageNotPulled")
    assert any("trimtab/absent:1" in condition["message"] for condition in conditions)
    node.kubectl("delete", "trainingrun", "no-image", "-n", NAMESPACE, "--timeout=60s")
    jobs = node.get("jobs", "-n", NAMESPACE)["items"]
    assert all(job["metadata"].get("deletionTimestamp") for job in jobs if "no-image" in job["metadata"]["name"])


def test_a_quota_that_refuses_is_said_and_the_run_starts_when_it_is_raised(node, trimtab):
    trimtab.admit("scarce")
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none", "namespace": "scarce"}}
    node.apply(quota | {"spec": {"hard": {"pods": "0"}}})
    node.wait("jsonpath={.status.hard.pods}=0", "resourcequota/none", namespace="scarce")
    node.apply(training("waiting", "scarce", "trimtab/absent:1"))
    conditions = until_ready_says(node, "scarce", "waiting", "PodRefused")
    assert any("raise the quota" in condition["message"] for condition in conditions)
    node.kubectl("delete", "resourcequota", "none", "-n", "scarce")
    until_ready_says(node, "scarce", "waiting", "ImageNotPulled")  # its pod is there now
    node.kubectl("delete", "namespace", "scarce", "--timeout=60s")


def test_a_lease_that_somebody_deleted_is_held_again(node):
    node.kubectl("delete", "lease", LEASE, "-n", OPERATOR_NAMESPACE)
    node.wait("jsonpath={.spec.holderIdentity}", f"lease/{LEASE}", namespace=OPERATOR_NAMESPACE)


def test_a_node_whose_disk_is_full_is_said_and_the_run_starts_when_it_is_not(node):
    with disk_pressure(node):
        node.apply(training("pressed", NAMESPACE, "trimtab/absent:1"))
        conditions = until_ready_says(node, NAMESPACE, "pressed", "Unschedulable")
        assert any("untolerated taint" in condition["message"] for condition in conditions)  # the scheduler names none
    until_ready_says(node, NAMESPACE, "pressed", "ImageNotPulled")  # its pod has a node now
    node.kubectl("delete", "trainingrun", "pressed", "-n", NAMESPACE, "--timeout=60s")


@contextmanager
def disk_pressure(node):
    """The kubelet thinks that its disk runs full: no new pod comes to its node."""
    restart(node, **kubelet.DISK_PRESSURE)
    taint = "{.spec.taints[?(@.key=='node.kubernetes.io/disk-pressure')].effect}"
    node.wait(f"jsonpath={taint}=NoSchedule", f"node/{NODE}")  # before it, a pod is still sent there, and refused
    try:
        yield
    finally:
        restart(node)


def restart(node, **configuration):
    node.stop("kubelet")
    kubelet.configure(node.place, **configuration)
    node.start(kubelet.kubelet(node.place))


def test_the_loop_goes_on_after_the_api_server_was_away(node):
    node.stop("kube-apiserver")
    node.start(apiserver(node.place))
    node.apply(training("after", NAMESPACE, "trimtab/absent:1"))
    until_ready_says(node, NAMESPACE, "after", "ImageNotPulled")
    node.kubectl("delete", "trainingrun", "after", "-n", NAMESPACE, "--timeout=60s")
