"""What NetworkPolicies let through, by the rules of networking.k8s.io/v1, for pods and addresses of a small world."""

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

Policy = dict[str, Any]


@dataclass(frozen=True)
class Pod:
    """A pod: its namespace and labels."""

    namespace: str
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Address:
    """Something outside the cluster."""

    ip: str


End = Pod | Address


def passes(policies: list[Policy], source: End, target: End, port: int) -> bool:
    """Whether a TCP connection from one to the other is let through."""
    return _side(policies, "Egress", source, target, port) and _side(policies, "Ingress", target, source, port)


def _side(policies: list[Policy], way: str, own: End, other: End, port: int) -> bool:
    """Whether the policies of one end let it through; an end that no policy selects is open."""
    held = [policy for policy in policies if isinstance(own, Pod) and _selects(policy, way, own)]
    return not held or any(_allows(policy, way, other, port) for policy in held)


def _selects(policy: Policy, way: str, pod: Pod) -> bool:
    here = policy["metadata"]["namespace"] == pod.namespace
    return here and way in policy["spec"]["policyTypes"] and _matches(policy["spec"]["podSelector"], pod.labels)


def _allows(policy: Policy, way: str, other: End, port: int) -> bool:
    peers = "to" if way == "Egress" else "from"
    return any(
        _port(rule, port) and (peers not in rule or any(_peer(one, policy, other) for one in rule[peers]))
        for rule in policy["spec"].get(way.lower(), ())
    )


def _port(rule: dict[str, Any], port: int) -> bool:
    return "ports" not in rule or any(one["port"] == port and one["protocol"] == "TCP" for one in rule["ports"])


def _peer(peer: dict[str, Any], policy: Policy, other: End) -> bool:
    if isinstance(other, Address):
        return "ipBlock" in peer and ip_address(other.ip) in ip_network(peer["ipBlock"]["cidr"])
    if "ipBlock" in peer:
        return False
    if "namespaceSelector" in peer:
        here = _matches(peer["namespaceSelector"], {"kubernetes.io/metadata.name": other.namespace})
    else:
        here = policy["metadata"]["namespace"] == other.namespace
    return here and _matches(peer.get("podSelector", {}), other.labels)


def _matches(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    assert not selector.keys() - {"matchLabels"}, "only matchLabels are known here"
    return selector.get("matchLabels", {}).items() <= labels.items()
