"""What the API server says to the samples, and to the mistakes people make."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import client, config

from tests.support.controlplane import ControlPlane
from trimtab.api.common import GROUP, VERSION
from trimtab.api.kinds import KINDS

CRDS = Path(__file__).parents[3] / "crds"
SAMPLES = sorted((CRDS / "samples").glob("*.yaml"))
INVALID = sorted((CRDS / "invalid").glob("*.yaml"))
PLURALS = {kind.name: kind.plural for kind in KINDS}


@pytest.fixture(scope="module")
def objects(control_plane: ControlPlane) -> client.CustomObjectsApi:
    return client.CustomObjectsApi(config.new_client_from_config(str(control_plane.admin_kubeconfig)))


def create(objects: client.CustomObjectsApi, document: dict[str, Any]) -> dict[str, Any]:
    """Ask the API server whether it would take the object, as `kubectl apply` does."""
    place = (GROUP, VERSION, "default", PLURALS[document["kind"]])
    return objects.create_namespaced_custom_object(*place, document, dry_run="All", field_validation="Strict")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_accepted(objects, path):
    created = create(objects, yaml.safe_load(path.read_text()))
    assert created["metadata"]["generation"] == 1


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_mistake_is_refused_with_the_field_and_the_fix(objects, path):
    text = path.read_text()
    expected = text.splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(client.ApiException) as refused:
        create(objects, yaml.safe_load(text))
    message = yaml.safe_load(refused.value.body)["message"]
    assert expected in message


def test_each_kind_has_mistakes_and_each_mistake_says_what_it_expects():
    kinds = {yaml.safe_load(path.read_text())["kind"] for path in INVALID}
    assert kinds == set(PLURALS)
    assert all(path.read_text().startswith("# expect: ") for path in INVALID)
