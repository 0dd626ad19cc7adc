"""examples/gitops is what Argo CD, Flux, Helm and our kinds accept as it stands."""

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


@pytest.fixture(scope="module")
def cluster(control_plane):
    """An API server that knows Argo CD's and Flux's kinds beside ours."""
    for module, path in CRDS:
        control_plane.kubectl("apply", "--server-side", "-f", str(gotools.module(*module) / path))
    control_plane.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
    for name in ("argocd", "flux-system", "flights"):
        control_plane.kubectl("create", "namespace", name, check=False)
    return control_plane


@pytest.mark.parametrize("file", ["argocd/trimtab.yaml", "argocd/models.yaml", "flux/models.yaml"])
def test_what_is_applied_once_is_accepted(cluster, file):
    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "-f", str(EXAMPLE / file))

    assert "serverside-applied" in done.stdout


def test_a_misspelt_field_of_theirs_is_refused(cluster):
    wrong = (EXAMPLE / "flux/models.yaml").read_text().replace("targetNamespace", "targetNamspace")

    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "-f", "-", given=wrong, check=False)

    assert "targetNamspace" in done.stderr


def test_the_teams_folder_is_accepted_as_it_is(cluster):
    done = cluster.kubectl("apply", "--server-side", "--dry-run=server", "-k", str(EXAMPLE / "models/flights"))

    assert done.stdout.count("serverside-applied") == 2


def test_the_operators_values_are_what_the_chart_takes(tmp_path):
    rendered = Helm.at(tmp_path).rendered("trimtab", EXAMPLE / "operator/values.yaml")

    assert "s3://models/trimtab" in rendered


def test_the_folders_that_are_named_are_there():
    applications = [*yaml.safe_load_all((EXAMPLE / "argocd/trimtab.yaml").read_text())]
    applications += [*yaml.safe_load_all((EXAMPLE / "argocd/models.yaml").read_text())]
    sources = [s for a in applications for s in a["spec"].get("sources", [a["spec"].get("source")])]
    flux = [d for d in yaml.safe_load_all((EXAMPLE / "flux/models.yaml").read_text()) if d["kind"] == "Kustomization"]

    assert all((ROOT / source["path"]).is_dir() for source in sources if "path" in source)
    assert all((ROOT / kustomization["spec"]["path"]).is_dir() for kustomization in flux)


def test_no_secret_is_held():
    files = [*EXAMPLE.rglob("*.yaml")]
    kinds = {document.get("kind") for file in files for document in yaml.safe_load_all(file.read_text())}

    assert "TrainingRun" in kinds
    assert "Secret" not in kinds
