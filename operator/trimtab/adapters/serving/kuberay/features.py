"""What the KubeRay of this cluster can do, read from the schema of its kinds and not from a version number.

authOptions.mode         from 1.5.1: Ray's own token authentication, without which nothing is put in place
authOptions.secretName   from 1.6: one token for all clusters of a service; before, each cluster gets its own
"""

from dataclasses import dataclass
from typing import Any

from trimtab.errors import Refuse

Json = dict[str, Any]

SCHEMA = "/openapi/v3/apis/ray.io/v1"
"""Where every account may read it; the CRDs themselves are for administrators."""
_AUTH = ("spec", "rayClusterConfig", "authOptions")


@dataclass(frozen=True)
class Features:
    """What may be asked of KubeRay."""

    named_token: bool = True


def read(document: Json) -> Features:
    """Read the features from the API server's schema of `ray.io/v1`.

    Raises:
        Refuse: KubeRay is too old.

    """
    node: Json = document.get("components", {}).get("schemas", {}).get("io.ray.v1.RayService", {})
    for field in _AUTH:
        node = node.get("properties", {}).get(field, {})
    fields = node.get("properties", {})
    if "mode" not in fields:
        raise Refuse("DeployFailed", "this KubeRay cannot ask for Ray's token: upgrade it to 1.5.1 or later")
    return Features(named_token="secretName" in fields)
