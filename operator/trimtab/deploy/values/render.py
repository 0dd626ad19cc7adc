"""The model of the values, written for Helm and for people."""

import re
import textwrap
from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trimtab.deploy.values.chart import Values

_WIDTH = 116
_DROPPED = {"title", "default", "$defs", "$ref", "x-kubernetes-validations"}
_NULL = {"type": "null"}
_MATCHES = re.compile(r"self\.matches\(r'(.+)'\)")
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
    node = _plain(node, definitions)
    kept = {key: value for key, value in node.items() if key not in _DROPPED}
    if "properties" in kept:
        fields = {name: _inlined(field, definitions) for name, field in kept.pop("properties").items()}
        return kept | {"properties": fields}
    return {key: _inlined(value, definitions) for key, value in kept.items()}


def _plain(node: Schema, definitions: Schema) -> Schema:
    """Without a reference, without null beside it, and with a pattern where the kinds have a rule."""
    if "$ref" in node:
        node = {**definitions[node["$ref"].rsplit("/", 1)[1]], **node}
    if _NULL in node.get("anyOf", ()):
        node = {**node["anyOf"][0], **{key: value for key, value in node.items() if key != "anyOf"}}
    for rule in node.get("x-kubernetes-validations", ()):
        if matches := _MATCHES.fullmatch(rule["rule"]):
            node = {"description": rule["message"]} | node | {"pattern": matches[1]}
    return node


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
