"""The operator's account in a sandbox. Its engines need no more than the core of the rights."""

from typing import Any

from trimtab.deploy import rights

NAMESPACE = "trimtab-system"
ACCOUNT = "trimtab"
LEADER = "trimtab-leader"
_API = "rbac.authorization.k8s.io"

Manifest = dict[str, Any]


def manifests() -> list[Manifest]:
    """The operator's namespace and service account, its rights everywhere, and those in its own namespace."""
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": ACCOUNT, "namespace": NAMESPACE}},
        _role(ACCOUNT, list(rights.CORE)),
        _role(LEADER, list(rights.LEADER)),
        _binding("ClusterRoleBinding", ACCOUNT, None),
        lease_binding(NAMESPACE),
    ]


def lease_binding(namespace: str) -> Manifest:
    """The right to lead from a namespace: to hold a Lease there."""
    return _binding("RoleBinding", LEADER, namespace)


def _role(name: str, rules: list[rights.Rule]) -> Manifest:
    return {"apiVersion": f"{_API}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules}


def _binding(kind: str, role: str, namespace: str | None) -> Manifest:
    return {
        "apiVersion": f"{_API}/v1",
        "kind": kind,
        "metadata": {"name": role} | ({"namespace": namespace} if namespace else {}),
        "roleRef": {"apiGroup": _API, "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": NAMESPACE}],
    }
