"""What the pages of docs/ say about the charts is true: commands run, values render, names are there."""

import os
import re
import subprocess

import pytest
import yaml

from tests.support import gotools, pages
from tests.support.helm import CHARTS
from tests.support.objects import service
from tests.support.pages import DOCS
from trimtab.api.versions import SUPPORTED
from trimtab.handlers.metrics import Metrics

STORY = ("install", "operate", "troubleshooting", "upgrade", "uninstall")
NEED_A_NODE = (
    "helm test",
    "kubectl exec",
    "kubectl logs",
    "skaffold run",
    "kubectl get rayservices",
    "kubectl get lease",
)
NEED_DOCKER = ("make images", "for name in", "kind load")


def values_blocks():
    return [block for block in pages.blocks("install", "yaml") if block.startswith("# values.yaml")]


def commands(page):
    return [line for line in pages.commands(page) if not line.startswith(NEED_A_NODE + NEED_DOCKER)]


@pytest.mark.parametrize("block", values_blocks(), ids=lambda block: " ".join(yaml.safe_load(block)))
def test_the_values_that_are_shown_are_taken(helm, tmp_path, block):
    (tmp_path / "values.yaml").write_text(block)
    assert helm.objects("trimtab", tmp_path / "values.yaml")


@pytest.fixture
def shell(control_plane, namespace, tmp_path):
    """A shell in which the pages' commands find Helm, kubectl, charts and values, and a namespace of their own."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/helm").symlink_to(gotools.binary("helm"))
    (tmp_path / "bin/kubectl").symlink_to(control_plane.kubectl_program)
    (tmp_path / "charts").symlink_to(CHARTS)
    (tmp_path / "values.yaml").write_text(values_blocks()[0])
    paths = {"HOME": str(tmp_path), "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    environment = {**paths, "KUBECONFIG": str(control_plane.admin_kubeconfig)}

    def run(command):
        return subprocess.run(
            ["bash", "-c", tried(command, namespace)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


def tried(command, namespace):
    """The command as this control plane can bear it: nothing becomes ready without nodes, the kinds are needed on."""
    command = re.sub(r" --wait\b", "", command).replace("trimtab-system", namespace)
    if command.startswith("helm upgrade") and "trimtab-crds" in command and "--take-ownership" not in command:
        return f"{command} --take-ownership --force-conflicts --server-side=true"  # the kinds are there already
    return f"{command} --dry-run=server" if command.startswith("kubectl delete") else command


def test_every_command_of_the_pages_works_in_their_order(control_plane, shell):
    for name in ("fraud", "flights"):
        control_plane.kubectl("create", "namespace", name, check=False)
    control_plane.apply(service("flight-delay", "flights"))
    ran = [(command, shell(command)) for page in STORY for command in commands(page)]
    assert len(ran) > len(STORY)
    assert [(command, done.stderr) for command, done in ran if done.returncode != 0] == []


def families():
    """The names of the operator's metrics."""
    return set(re.findall(r"^# TYPE (\w+)", Metrics().text().decode(), re.MULTILINE))


@pytest.mark.parametrize("place", [DOCS / "operate.md", CHARTS / "trimtab/files/dashboard.json"], ids=lambda p: p.name)
def test_only_metrics_that_the_operator_has_are_named(place):
    named = set(re.findall(r"trimtab_[a-z_]+", place.read_text()))
    assert named
    assert {re.sub(r"_(bucket|count)$", "", name) for name in named} <= families()


def test_the_charts_are_for_the_versions_of_kubernetes_that_are_supported():
    [oldest] = [one.versions.split()[0] for one in SUPPORTED if one.system == "Kubernetes"]
    for path in CHARTS.glob("*/Chart.yaml"):
        assert yaml.safe_load(path.read_text())["kubeVersion"] == f">={oldest}.0-0"
