"""What an account may do, by its roles, and what it asked for, by the API server's audit log: to be compared."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.node.machine.node import Node


@dataclass(frozen=True, order=True)
class Right:
    """A verb on a resource (`pods`, or `pods/log`) of a group."""

    group: str
    resource: str
    verb: str


def granted(node: Node, account: str, namespace: str) -> set[Right]:
    """All that the bindings of an account give it, in whatever namespace."""
    subject = {"kind": "ServiceAccount", "name": account, "namespace": namespace}
    found: set[Right] = set()
    for binding in node.get("clusterrolebindings,rolebindings", "-A")["items"]:
        if subject in binding.get("subjects", []):
            found |= set(_rights(_role(node, binding)))
    return found


def _role(node: Node, binding: dict[str, Any]) -> dict[str, Any]:
    reference = binding["roleRef"]
    where = ["-n", binding["metadata"]["namespace"]] if reference["kind"] == "Role" else []
    return node.get(reference["kind"], reference["name"], *where)


def _rights(role: dict[str, Any]) -> Iterator[Right]:
    for rule in role["rules"]:
        for group in rule.get("apiGroups", []):
            for resource in rule.get("resources", []):
                yield from (Right(group, resource, verb) for verb in rule["verbs"])


def asked(audit: Path, account: str, namespace: str, sets: Iterable[str]) -> tuple[set[Right], set[Right]]:
    """What an account's pods of these ReplicaSets asked for and were allowed, and what they had no right to."""
    allowed: set[Right] = set()
    refused: set[Right] = set()
    for entry in _entries(audit, f"system:serviceaccount:{namespace}:{account}", set(sets)):
        decision = entry.get("annotations", {}).get("authorization.k8s.io/decision")
        (allowed if decision == "allow" else refused).update(_of(entry))
    return allowed, refused


def _entries(audit: Path, user: str, sets: set[str]) -> Iterable[dict[str, Any]]:
    with audit.open() as lines:
        for entry in map(json.loads, lines):
            who = entry["user"]
            if who["username"] == user and _set(who) in sets and "resource" in entry.get("objectRef", {}):
                yield entry


def _set(who: dict[str, Any]) -> str:
    """The ReplicaSet whose pod asked."""
    return str(who["extra"]["authentication.kubernetes.io/pod-name"][0]).rpartition("-")[0]


def _of(entry: dict[str, Any]) -> Iterator[Right]:
    """The right itself; an apply that makes its object needs that of creating it too."""
    place = entry["objectRef"]
    group = place.get("apiGroup", "")
    resource = "/".join(filter(None, (place["resource"], place.get("subresource"))))
    yield Right(group, resource, entry["verb"])
    if entry["verb"] == "patch" and entry["responseStatus"].get("code") == 201:
        yield Right(group, resource, "create")
