"""Annotations that become CEL rules of the CRD: the API server refuses a mistake in words a person can act on."""

from dataclasses import dataclass
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

VALIDATIONS = "x-kubernetes-validations"


@dataclass(frozen=True)
class Rule:
    """A CEL expression that must hold, and what to tell whoever breaks it: the field and the fix.

    `path` points at the field where the rule stands on a parent.
    """

    rule: str
    message: str
    path: str = ""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Add the rule to the schema of what is annotated."""
        schema = handler(core)
        return schema | {VALIDATIONS: [*schema.get(VALIDATIONS, []), self.wire()]}

    def wire(self) -> dict[str, str]:
        """Return the rule as it stands in a CRD."""
        path = {"fieldPath": self.path} if self.path else {}
        return {"rule": self.rule, "message": self.message} | path


@dataclass(frozen=True)
class Hint:
    """Turns a field's pattern into a rule that says what is expected; a bare pattern would only be quoted."""

    message: str

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Replace the pattern by a rule."""
        schema = dict(handler(core))
        matches = Rule(f"self.matches(r'{schema.pop('pattern')}')", self.message)
        return schema | {VALIDATIONS: [*schema.get(VALIDATIONS, []), matches.wire()]}


def rules(*checks: Rule) -> dict[str, Any]:
    """Rules over several fields of a model, for its `json_schema_extra`."""
    return {VALIDATIONS: [check.wire() for check in checks]}


def immutable(field: str, advice: str, *, optional: bool = False) -> Rule:
    """A rule on the parent that refuses any change of a field; one on the field itself misses its removal."""
    same = f"self.{field} == oldSelf.{field}"
    if optional:
        same = f"has(self.{field}) == has(oldSelf.{field}) && (!has(self.{field}) || {same})"
    return Rule(same, f"spec.{field} is immutable: {advice}")


def list_map(*keys: str) -> dict[str, Any]:
    """A list whose entries are told apart by keys: no two alike, and two appliers may own different entries."""
    return {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": list(keys)}


LIST_SET: dict[str, Any] = {"x-kubernetes-list-type": "set"}
