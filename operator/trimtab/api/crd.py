"""CustomResourceDefinitions from the kinds."""

from typing import Any

from trimtab.api.common import GROUP, VERSION
from trimtab.api.kinds import Kind
from trimtab.api.rules import VALIDATIONS
from trimtab.api.schema import Schema, structural

NOT_SEEN = {"observedGeneration": -1}
"""A new object's status: without it Flux and `helm --wait` take what nobody has looked at for ready."""


def crd(kind: Kind) -> dict[str, Any]:
    """Return the kind's CustomResourceDefinition."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": kind.name,
                "listKind": f"{kind.name}List",
                "plural": kind.plural,
                "singular": kind.singular,
                "shortNames": [kind.short],
                "categories": ["trimtab"],
            },
            "versions": [
                {
                    "name": VERSION,
                    "served": True,
                    "storage": True,
                    "additionalPrinterColumns": [column.wire() for column in kind.columns],
                    "subresources": {"status": {}},
                    "schema": {"openAPIV3Schema": schema_of(kind)},
                }
            ],
        },
    }


def schema_of(kind: Kind) -> Schema:
    """Return the schema of a whole object of the kind."""
    root: Schema = {
        "type": "object",
        "description": kind.doc,
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string", "description": f"{GROUP}/{VERSION}."},
            "kind": {"type": "string", "description": f"{kind.name}."},
            "metadata": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 253}}},
            "spec": structural(kind.spec, defaults=True),
            "status": structural(kind.status, defaults=False) | {"default": NOT_SEEN},
        },
    }
    return root | ({VALIDATIONS: [rule.wire() for rule in kind.rules]} if kind.rules else {})
