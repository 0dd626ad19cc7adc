"""Two teams, policies on: what has to talk to each other can, and nothing else."""

import pytest
import yaml

from tests.charts.flows import Address, Pod, passes
from tests.support import golden
from tests.support.helm import CHARTS, written

VALUES = CHARTS.parent / "tests/charts/values/two-teams.yaml"


def pod(namespace, name, component):
    return Pod(namespace, {f"app.kubernetes.io/{name}": "trimtab", "app.kubernetes.io/component": component})


def operator():
    labels = {"name": "trimtab", "instance": "trimtab", "component": "operator"}
    return Pod("trimtab-system", {f"app.kubernetes.io/{key}": value for key, value in labels.items()})


WORLD = {
    "operator": operator(),
    "training": pod("fraud", "managed-by", "training"),
    "head": pod("fraud", "managed-by", "serving"),
    "worker": pod("fraud", "managed-by", "serving"),
    "another team's worker": pod("flights", "managed-by", "serving"),
    "kuberay": Pod("kuberay", {"app.kubernetes.io/name": "kuberay-operator"}),
    "prometheus": Pod("monitoring"),
    "gateway": Pod("gateways"),
    "stranger": Pod("elsewhere"),
    "storage": Pod("minio"),
    "API server": Address("10.0.0.1"),
    "MLflow": Address("192.0.2.7"),
    "the internet": Address("203.0.113.9"),
}

NEEDED = [
    ("operator", "API server", 6443),
    ("operator", "MLflow", 443),
    ("operator", "storage", 9000),
    ("operator", "another team's worker", 8000),
    ("prometheus", "operator", 8080),
    ("training", "MLflow", 443),
    ("training", "storage", 9000),
    ("training", "the internet", 443),
    ("worker", "head", 6379),
    ("head", "worker", 10002),
    ("worker", "storage", 9000),
    ("kuberay", "head", 8265),
    ("gateway", "worker", 8000),
    ("prometheus", "worker", 8080),
]

DENIED = [
    ("stranger", "operator", 8080),
    ("stranger", "worker", 8000),
    ("stranger", "head", 8265),
    ("stranger", "training", 8080),
    ("gateway", "head", 8265),
    ("operator", "head", 8265),
    ("prometheus", "head", 8265),
    ("kuberay", "head", 6379),
    ("another team's worker", "head", 6379),
    ("training", "worker", 8000),
    ("training", "API server", 6443),
    ("worker", "API server", 6443),
    ("worker", "MLflow", 443),
    ("worker", "the internet", 443),
    ("worker", "training", 22),
    ("operator", "the internet", 443),
    ("operator", "training", 8080),
]


@pytest.fixture(scope="module")
def policies(helm):
    return [one for one in helm.objects("trimtab", VALUES) if one["kind"] == "NetworkPolicy"]


def said(flow):
    return f"{flow[0]} to {flow[1]}:{flow[2]}"


@pytest.mark.parametrize("flow", NEEDED, ids=said)
def test_a_flow_that_is_needed_passes(policies, flow):
    source, target, port = flow
    assert passes(policies, WORLD[source], WORLD[target], port)


@pytest.mark.parametrize("flow", DENIED, ids=said)
def test_any_other_flow_is_denied(policies, flow):
    source, target, port = flow
    assert not passes(policies, WORLD[source], WORLD[target], port)


def test_every_pod_of_ours_may_ask_for_names_and_for_nothing_else_of_everybody(policies):
    assert len(policies) == 5
    for policy in policies:
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
        names, *others = policy["spec"]["egress"]
        assert {(one["protocol"], one["port"]) for one in names["ports"]} == {("UDP", 53), ("TCP", 53)}
        assert all("to" in rule or rule["ports"] == [{"protocol": "TCP", "port": 443}] for rule in others)


def test_without_the_policies_nothing_is_denied(helm, tmp_path):
    values = {"mlflow": {"uri": "http://mlflow"}, "storage": {"uri": "s3://models"}}
    off = written(tmp_path / "values.yaml", values | {"networkPolicies": {"enabled": False}})
    assert not [one for one in helm.objects("trimtab", off) if one["kind"] == "NetworkPolicy"]
    assert all(passes([], WORLD[source], WORLD[target], port) for source, target, port in DENIED)


def selected(policies, component):
    """The labels by which the policies of a kind of pod select it."""
    [labels] = {
        tuple(one["spec"]["podSelector"]["matchLabels"].items())
        for one in policies
        if one["metadata"]["name"].endswith(f"-{component}")
    }
    return dict(labels)


def templates(node):
    """Every pod template in what an engine renders."""
    if isinstance(node, dict):
        if "template" in node and "containers" in node["template"].get("spec", {}):
            yield node["template"]
        for value in node.values():
            yield from templates(value)
    elif isinstance(node, list):
        for value in node:
            yield from templates(value)


@pytest.mark.parametrize(("component", "folder"), [("training", "jobs"), ("serving", "kuberay")])
def test_the_policies_select_the_pods_that_the_engines_make(policies, component, folder):
    goldens = sorted((golden.FOLDER / folder).glob("*.yaml"))
    pods = [pod for path in goldens for pod in templates(list(yaml.safe_load_all(path.read_text())))]
    assert len(pods) >= len(goldens)
    assert all(selected(policies, component).items() <= pod["metadata"]["labels"].items() for pod in pods)
