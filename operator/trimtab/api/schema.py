"""From Pydantic's JSON schema to the dialect of a CRD: structural, without references, nulls or titles."""

from collections.abc import Callable
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from trimtab.api.common import ApiModel
from trimtab.api.rules import VALIDATIONS

Schema = dict[str, Any]
_DROPPED = ("title", "additionalProperties")


class _CrdSchema(GenerateJsonSchema):
    """Knows optional fields as absent (never null) and writes defaults that come from a factory."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        factory = cast("Callable[[], Any] | None", schema.get("default_factory"))
        default = _plain(factory() if factory else schema.get("default"))
        return inner if default in (None, [], {}) else inner | {"default": default}


def structural(model: type[BaseModel], *, defaults: bool) -> Schema:
    """Return the model's structural schema; a status goes without defaults, for only the operator writes it."""
    raw = model.model_json_schema(by_alias=True, schema_generator=_CrdSchema, mode="validation")
    return _convert(raw, raw.get("$defs", {}), defaults=defaults)


def _plain(value: Any) -> Any:
    """Write a default out whole: the API server evaluates rules on it before it fills in what is nested."""
    if isinstance(value, ApiModel):
        return value.wire()
    return [_plain(entry) for entry in value] if isinstance(value, list) else value


def _convert(node: Schema, definitions: Schema, *, defaults: bool) -> Schema:
    node = _resolve(node, definitions)
    kind = node.get("type", "object")
    out = {key: value for key, value in node.items() if key not in {*_DROPPED, "$defs", "properties", "items"}}
    if not defaults:
        out.pop("default", None)
    if kind == "array":
        out["items"] = _convert(node["items"], definitions, defaults=defaults)
    if "properties" in node:
        out["properties"] = {
            name: _convert(field, definitions, defaults=defaults) for name, field in node["properties"].items()
        }
    elif kind == "object":
        out |= _map(node, definitions, defaults=defaults)
    return _bounds(_one_value(out))


def _resolve(node: Schema, definitions: Schema) -> Schema:
    """Put a definition in the place of its reference; what stands beside the reference (its description) wins."""
    if "$ref" not in node:
        return node
    target: Schema = definitions[node["$ref"].removeprefix("#/$defs/")]
    beside = {key: value for key, value in node.items() if key != "$ref"}
    checks = [*target.get(VALIDATIONS, []), *beside.get(VALIDATIONS, [])]
    return target | beside | ({VALIDATIONS: checks} if checks else {})


def _map(node: Schema, definitions: Schema, *, defaults: bool) -> Schema:
    values = node.get("additionalProperties")
    if isinstance(values, dict) and values:
        return {"additionalProperties": _convert(values, definitions, defaults=defaults)}
    return {"x-kubernetes-preserve-unknown-fields": True}


def _one_value(node: Schema) -> Schema:
    if "const" in node:
        node["enum"] = [node.pop("const")]
    return node


def _bounds(node: Schema) -> Schema:
    """Write bounds in the form of OpenAPI v3.0, where `exclusive…` is a flag."""
    for bound in ("minimum", "maximum"):
        exclusive = f"exclusive{bound.capitalize()}"
        if exclusive in node:
            node[bound] = node[exclusive]
            node[exclusive] = True
    return node
