"""Objects of our kinds, as users send them."""

from dataclasses import dataclass
from typing import Any

import pytest
from kubernetes import client, config

from tests.support.controlplane import ControlPlane
from trimtab.api.common import GROUP, VERSION
from trimtab.api.kinds import KINDS

PLURALS = {kind.name: kind.plural for kind in KINDS}
MERGE = {"_content_type": "application/merge-patch+json", "field_validation": "Strict"}


def message_of(refused: pytest.ExceptionInfo[client.ApiException]) -> str:
    """What the API server says to whoever is refused."""
    return client.ApiClient().deserialize(refused.value.body, "object", "application/json")["message"]


@dataclass(frozen=True)
class Objects:
    """Creates and changes objects, as strictly as `kubectl apply` does."""

    api: client.CustomObjectsApi

    def create(self, document: dict[str, Any], namespace: str = "default", **options: Any) -> dict[str, Any]:
        place = (GROUP, VERSION, namespace, PLURALS[document["kind"]])
        return self.api.create_namespaced_custom_object(*place, document, field_validation="Strict", **options)

    def change(self, old: dict[str, Any], **spec: Any) -> dict[str, Any]:
        """Merge into the object's spec; None removes a field."""
        place = (GROUP, VERSION, old["metadata"]["namespace"], PLURALS[old["kind"]], old["metadata"]["name"])
        return self.api.patch_namespaced_custom_object(*place, {"spec": spec}, **MERGE)

    def report(self, old: dict[str, Any], status: dict[str, Any]) -> dict[str, Any]:
        """Merge into the object's status, as the operator does."""
        place = (GROUP, VERSION, old["metadata"]["namespace"], PLURALS[old["kind"]], old["metadata"]["name"])
        return self.api.patch_namespaced_custom_object_status(*place, {"status": status}, **MERGE)


@pytest.fixture(scope="session")
def objects(control_plane: ControlPlane) -> Objects:
    return Objects(client.CustomObjectsApi(config.new_client_from_config(str(control_plane.admin_kubeconfig))))
