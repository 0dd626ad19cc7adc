"""The real KubeRay operator in a restricted namespace, with the kinds and rights of its own module."""

from pathlib import Path
from typing import Any

import yaml

from tests.node.machine import archive
from tests.node.machine.node import Node
from tests.support import gotools

NAMESPACE = "kuberay-system"
NAME = "kuberay-operator"
IMAGE = "docker.io/trimtab/kuberay-operator:1"

Manifest = dict[str, Any]


def install(node: Node) -> None:
    """Load the image and apply everything; returns when the operator is there."""
    node.load(
        archive.write(node.place.state / "kuberay.tar", IMAGE, {"/manager": gotools.binary(NAME)}, ["/manager"]),
    )
    config = gotools.module(*gotools.KUBERAY) / "config"
    node.kubectl("apply", "--server-side", "--field-manager=test", f"--filename={config / 'crd' / 'bases'}")
    node.wait("condition=Established", "crd/rayservices.ray.io", "crd/rayclusters.ray.io")
    node.apply(*_identity(_read(config / "rbac" / "role.yaml")), _deployment())
    node.kubectl("rollout", "status", f"deployment/{NAME}", "-n", NAMESPACE, "--timeout=120s", patience=130)


def restricted(name: str) -> Manifest:
    """A namespace whose pods have to be restricted."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _identity(role: Manifest) -> list[Manifest]:
    here = {"name": NAME, "namespace": NAMESPACE}
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": NAME},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role["metadata"]["name"]},
        "subjects": [{"kind": "ServiceAccount", **here}],
    }
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": here}
    return [restricted(NAMESPACE), account, role, binding]


def _deployment() -> Manifest:
    labels = {"app.kubernetes.io/name": NAME}
    container = {
        "name": NAME,
        "image": IMAGE,
        "imagePullPolicy": "Never",
        "args": ["--enable-leader-election=false"],  # it is the only one: no lease to wait for
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "512Mi"}},
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8082}, "periodSeconds": 1},
    }
    pod = {
        "serviceAccountName": NAME,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
    metadata = {"name": NAME, "namespace": NAMESPACE}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def _read(file: Path) -> Manifest:
    document: Manifest = yaml.safe_load(file.read_text())
    return document
