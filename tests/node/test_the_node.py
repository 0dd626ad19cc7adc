"""The node itself: what the other tests here stand on."""

import pytest

from tests.node.machine.containers import PAUSE

pytestmark = pytest.mark.timeout(600)


def pod(name, **spec):
    restricted = {
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    container = {"name": "pause", "image": PAUSE, "imagePullPolicy": "Never", "securityContext": restricted}
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container], **spec}}


def test_a_restricted_pod_runs_and_ends(node):
    node.apply(pod("quiet"))
    node.wait("condition=Ready", "pod/quiet")
    node.kubectl("delete", "pod", "quiet", "--timeout=60s")


def test_an_image_that_the_node_lacks_cannot_be_had(node):
    node.apply(pod("strange") | {"spec": {"containers": [{"name": "strange", "image": "registry.invalid/absent:1"}]}})
    waiting = "jsonpath={.status.containerStatuses[0].state.waiting.reason}"
    node.wait(f"{waiting}=ErrImagePull", "pod/strange")
    node.kubectl("delete", "pod", "strange", "--now")
