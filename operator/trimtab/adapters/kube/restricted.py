"""What every pod we render holds to: the PodSecurity profile `restricted`, and no rights in the cluster."""

from typing import Any

Json = dict[str, Any]

USER = 1000
"""User and group of the images."""


def pod() -> Json:
    """Fields of a pod's spec."""
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }


def container() -> Json:
    """Fields of a container; Kubernetes asks for these on each, not on the pod."""
    return {
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }


def environment_from(*secrets: str) -> Json:
    """The field by which a container takes its environment from Secrets of its namespace; none without a name."""
    named = [{"secretRef": {"name": secret}} for secret in secrets if secret]
    return {"envFrom": named} if named else {}
