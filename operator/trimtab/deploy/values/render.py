"""The model of the values, written for Helm and for people."""

import textwrap
from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trimtab.deploy.values.chart import Values

_WIDTH = 116
_DROPPED = {"title", "default", "$defs", "$ref"}
Schema = dict[str, Any]


def schema() -> Schema:
    """`values.schema.json`: draft 7, which Helm 3 and 4 both read, without references."""
    raw = Values.model_json_schema(by_alias=True)
    whole: Schema = _inlined(raw, raw["$defs"])
    return {"$schema": "http://json-schema.org/draft-07/schema#"} | whole


def defaults() -> str:
    """`values.yaml`: every value with its description and default."""
    return "".join(_lines(Values(), 0))


def rows() -> Iterator[tuple[str, str, str]]:
    """Each value: its path, its default as YAML in one line, what it does."""
    yield from _rows(Values(), "")


def _inlined(node: Any, definitions: Schema) -> Any:
    if isinstance(node, list):
        return [_inlined(entry, definitions) for entry in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        node = {**definitions[node["$ref"].rsplit("/", 1)[1]], **node}
    kept = {key: value for key, value in node.items() if key not in _DROPPED}
    if "properties" in kept:
        fields = {name: _inlined(field, definitions) for name, field in kept.pop("properties").items()}
        return kept | {"properties": fields}
    return {key: _inlined(value, definitions) for key, value in kept.items()}


def _fields(part: BaseModel) -> Iterator[tuple[str, FieldInfo, Any]]:
    for name, field in type(part).model_fields.items():
        yield field.alias or name, field, getattr(part, name)


def _lines(part: BaseModel, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for name, field, value in _fields(part):
        yield "\n" if depth == 0 else ""
        for line in textwrap.wrap(field.description or "", _WIDTH - len(indent)):
            yield f"{indent}# {line}\n"
        if isinstance(value, BaseModel):
            yield f"{indent}{name}:\n"
            yield from _lines(value, depth + 1)
        else:
            yield textwrap.indent(yaml.safe_dump({name: value}, sort_keys=False, width=_WIDTH), indent)


def _rows(part: BaseModel, prefix: str) -> Iterator[tuple[str, str, str]]:
    for name, field, value in _fields(part):
        if isinstance(value, BaseModel):
            yield from _rows(value, f"{prefix}{name}.")
        else:
            shown = yaml.safe_dump(value, default_flow_style=True, width=10**6).removesuffix("...\n").strip()
            yield f"{prefix}{name}", shown, field.description or ""
