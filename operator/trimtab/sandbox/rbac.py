"""The operator's rights: what it uses, and nothing else. No secrets, no pods, no namespaces, no CRDs."""

from typing import Any

NAMESPACE = "trimtab-system"
ACCOUNT = "trimtab"
LEADER = "trimtab-leader"
GROUP = "trimtab.dev"
_API = "rbac.authorization.k8s.io"

Manifest = dict[str, Any]


def manifests() -> list[Manifest]:
    """The operator's namespace and service account, its rights everywhere, and those in its own namespace."""
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": ACCOUNT, "namespace": NAMESPACE}},
        _role(ACCOUNT, rules()),
        _role(LEADER, [_rule("coordination.k8s.io", ["leases"], "get", "create", "update")]),
        _binding("ClusterRoleBinding", ACCOUNT, None),
        lease_binding(NAMESPACE),
    ]


def rules() -> list[Manifest]:
    """The rules that hold in every namespace."""
    owners = ["inferenceservices", "trainingruns"]
    return [
        _rule(GROUP, [*owners, "modelversions"], "list", "watch"),
        _rule(GROUP, [f"{kind}/status" for kind in (*owners, "modelversions")], "patch"),
        _rule(GROUP, owners, "patch"),  # our finalizer
        _rule(GROUP, [f"{kind}/finalizers" for kind in owners], "update"),  # to own a child that blocks deletion
        _rule(GROUP, ["modelversions", "trainingruns"], "create"),  # after a training, and because of drift
        _rule(GROUP, ["trainingruns"], "delete"),  # when their time is over
        _rule("events.k8s.io", ["events"], "create"),
    ]


def lease_binding(namespace: str) -> Manifest:
    """The right to lead from a namespace: to hold a Lease there."""
    return _binding("RoleBinding", LEADER, namespace)


def _role(name: str, rules: list[Manifest]) -> Manifest:
    return {"apiVersion": f"{_API}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules}


def _binding(kind: str, role: str, namespace: str | None) -> Manifest:
    return {
        "apiVersion": f"{_API}/v1",
        "kind": kind,
        "metadata": {"name": role} | ({"namespace": namespace} if namespace else {}),
        "roleRef": {"apiGroup": _API, "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": NAMESPACE}],
    }


def _rule(group: str, resources: list[str], *verbs: str) -> Manifest:
    return {"apiGroups": [group], "resources": resources, "verbs": list(verbs)}
