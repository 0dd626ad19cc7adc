"""The operator's rights: what it uses, and nothing else. No secrets, no pods."""

from typing import Any

NAMESPACE = "trimtab-system"
ACCOUNT = "trimtab"
GROUP = "trimtab.dev"

Manifest = dict[str, Any]


def manifests() -> list[Manifest]:
    """The operator's namespace, its service account, its role and the binding of the two."""
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": ACCOUNT, "namespace": NAMESPACE}},
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": {"name": ACCOUNT},
            "rules": rules(),
        },
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": ACCOUNT},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": ACCOUNT},
            "subjects": [{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": NAMESPACE}],
        },
    ]


def rules() -> list[Manifest]:
    """The rules of the role."""
    kinds = ["inferenceservices", "modelversions", "trainingruns"]
    made = ["modelversions", "trainingruns"]  # by the operator: after a training, and because of drift
    return [
        _rule(GROUP, kinds, "get", "list", "watch", "patch"),
        _rule(GROUP, [f"{kind}/status" for kind in kinds], "get", "patch"),
        _rule(GROUP, [f"{kind}/finalizers" for kind in kinds], "update"),  # to own children that block deletion
        _rule(GROUP, made, "create", "delete"),
        _rule("", ["events"], "create", "patch"),
        _rule("events.k8s.io", ["events"], "create", "patch"),
        _rule("coordination.k8s.io", ["leases"], "get", "create", "update", "patch"),
        # kopf looks which namespaces there are, and whether the kinds are served
        _rule("", ["namespaces"], "get", "list", "watch"),
        _rule("apiextensions.k8s.io", ["customresourcedefinitions"], "get", "list", "watch"),
    ]


def _rule(group: str, resources: list[str], *verbs: str) -> Manifest:
    return {"apiGroups": [group], "resources": resources, "verbs": list(verbs)}
