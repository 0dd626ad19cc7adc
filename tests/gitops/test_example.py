"""examples/gitops is what Argo CD, Flux, Helm and our kinds accept as it stands.

Flux's HelmRelease is left out: no module with its schema is to be had.
"""

from pathlib import Path

import pytest
import yaml

from tests.support import gotools
from tests.support.controlplane import control_plane
from tests.support.gotools.table import ARGOCD
from tests.support.helm import Helm

__all__ = ["control_plane"]

pytestmark = pytest.mark.timeout(600)  # modules are fetched once
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/gitops"
CRDS = [
    (ARGOCD, "manifests/crds/application-crd.yaml"),
    (("github.com/fluxcd/kustomize-controller", "v1.7.3"), "config/crd/bases"),
    (
        ("github.com/fluxcd/source-controller", "v1.8.5"),
        "config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml",
    ),
]


def documents(file):
    """The objects in a file of the example."""
    return [*yaml.safe_load_all((EXAMPLE / file).read_text())]


@pytest.fixture(scope="module")
def cluster(control_plane):
    """An API server that knows Argo CD's and Flux's kinds beside ours."""
    for module, path in CRDS:
        control_plane.kubectl("apply", "--server-side", "-f", str(gotools.module(*module) / path))
    control_plane.wait("condition=Established", "crd", "--all")
    for name in ("argocd", "flux-system"):
        control_plane.kubectl("create", "namespace", name, check=False)
    control_plane.kubectl("apply", "-f", str(EXAMPLE / "operator/namespaces.yaml"))
    return control_plane


@pytest.mark.parametrize("path", ["argocd", "flux/models.yaml"])
def test_what_is_applied_once_is_accepted(cluster, path):
    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "-f", str(EXAMPLE / path))

    assert "serverside-applied" in done.stdout


def test_a_misspelt_field_of_theirs_is_refused(cluster):
    wrong = (EXAMPLE / "flux/models.yaml").read_text().replace("targetNamespace", "targetNamspace")

    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "-f", "-", given=wrong, check=False)

    assert "targetNamspace" in done.stderr


def test_the_teams_folder_is_accepted_as_it_is(cluster):
    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "-k", str(EXAMPLE / "models/flights"))

    assert done.stdout.count("serverside-applied") == 2


@pytest.fixture
def rendered(tmp_path):
    """The chart's objects by the operator's values."""
    return Helm.at(tmp_path).objects("trimtab", EXAMPLE / "operator/values.yaml")


def test_every_namespace_that_the_operator_needs_is_there(rendered):
    made = {one["metadata"]["name"] for one in documents("operator/namespaces.yaml")}

    assert {one["metadata"]["namespace"] for one in rendered if "namespace" in one["metadata"]} == made


def test_the_gateways_pods_reach_the_endpoints(rendered):
    [service] = documents("models/flights/inferenceservice.yaml")
    [policy] = [one for one in rendered if one["metadata"]["name"] == "trimtab-serving"]
    peers = [
        peer
        for rule in policy["spec"]["ingress"]
        for peer in rule["from"]
        if rule.get("ports", [{}])[0].get("port") == 8000
    ]
    gateways = {"kubernetes.io/metadata.name": service["spec"]["route"]["gateway"]["namespace"]}

    assert {"namespaceSelector": {"matchLabels": gateways}} in peers


def test_the_folders_that_are_named_are_there():
    applications = documents("argocd/trimtab.yaml") + documents("argocd/models.yaml")
    sources = [s for a in applications for s in a["spec"].get("sources", [a["spec"].get("source")])]
    [kustomization] = [one for one in documents("flux/models.yaml") if one["kind"] == "Kustomization"]
    charts = [one["spec"]["chart"]["spec"] for one in documents("flux/trimtab.yaml")]

    assert all((ROOT / source["path"]).is_dir() for source in sources if "path" in source)
    assert (ROOT / kustomization["spec"]["path"]).is_dir()
    assert all((ROOT / chart["chart"]).is_dir() for chart in charts)
    assert all((ROOT / file).is_file() for chart in charts for file in chart.get("valuesFiles", []))


def test_no_secret_is_held():
    files = [*EXAMPLE.rglob("*.yaml")]
    kinds = {document.get("kind") for file in files for document in yaml.safe_load_all(file.read_text())}

    assert "TrainingRun" in kinds
    assert "Secret" not in kinds
