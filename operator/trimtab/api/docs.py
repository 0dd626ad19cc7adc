"""The reference pages, from the same source as the CRDs."""

from collections.abc import Iterator

from trimtab.api.common import API_VERSION
from trimtab.api.crd import schema_of
from trimtab.api.kinds import KINDS, Kind
from trimtab.api.reasons import (
    DocumentedCondition,
    DocumentedReason,
    ServiceCondition,
    ServiceReason,
    TrainingCondition,
    TrainingReason,
    VersionCondition,
    VersionReason,
)
from trimtab.api.rules import VALIDATIONS
from trimtab.api.schema import Schema
from trimtab.api.versions import SUPPORTED

NOTE = "<!-- Generated from operator/trimtab/api by `make gen`; do not edit. -->\n"

TABLES: tuple[tuple[str, type[DocumentedCondition], type[DocumentedReason]], ...] = (
    ("TrainingRun", TrainingCondition, TrainingReason),
    ("ModelVersion", VersionCondition, VersionReason),
    ("InferenceService", ServiceCondition, ServiceReason),
)

_CONDITIONS_HEAD = """\
# Conditions and reasons

A condition is named for the fact that it states when it is `True`, and True is good. All conditions of a kind are
always present, except `Reconciling` and `Stalled`, which are present only while they are true. A message says what
happened and what to do next.

`Ready` of a TrainingRun and of a ModelVersion sums up the others: where it is not `True`, it repeats the reason of the
first that is not, and so do `Reconciling` and `Stalled`. `Ready` of an InferenceService says only that the endpoint
answers; look at `Stable` (False: drift), `UpToDate`, `ShadowHealthy` and `Routed` for the rest.
"""


_VERSIONS_HEAD = """\
# Supported versions

What trimtab is made for, and what its tests run. Where a feature is younger than the oldest version, it is looked for
(in the CRD's schema) and not assumed.

"""


def versions_page() -> str:
    """Return `docs/reference/versions.md`: the systems outside, and in which versions."""
    head = ("System", "Versions", "Tested with", "What is used")
    return NOTE + _VERSIONS_HEAD + _table(head, ((one.system, one.versions, one.tested, one.why) for one in SUPPORTED))


def conditions_page() -> str:
    """Return `docs/reference/conditions.md`: per kind what each condition means, and a table of the reasons."""
    sections = (_conditions(*table) for table in TABLES)
    return NOTE + _CONDITIONS_HEAD + "".join(sections)


def _conditions(kind: str, conditions: type[DocumentedCondition], reasons: type[DocumentedReason]) -> str:
    facts = _table(("Condition", "When it is True"), ((f"`{one}`", one.fact) for one in conditions))
    rows = ((f"`{one}`", ", ".join(f"`{on}`" for on in one.on), one.status, one.when, one.do) for one in reasons)
    return f"\n## {kind}\n\n{facts}\n" + _table(("Reason", "On", "Status", "When it is set", "What to do"), rows)


def api_page() -> str:
    """Return `docs/reference/api.md`: every field of every kind, and the rules across fields."""
    contents = "".join(f"- [{kind.name}](#{kind.singular}) (`{kind.short}`)\n" for kind in KINDS)
    head = (
        f"# API reference\n\n`{API_VERSION}`, namespaced. `kubectl explain <kind>.spec` shows the same.\n\n{contents}"
    )
    return NOTE + head + "".join(_kind(kind) for kind in KINDS)


def _kind(kind: Kind) -> str:
    schema = schema_of(kind)
    fields = ("Field", "Type", "Default", "Description")
    parts = (
        f"\n### {kind.name} {part}\n\n" + _table(fields, _fields(schema["properties"][part]))
        for part in ("spec", "status")
    )
    rules = "".join(f"- {message}\n" for message in _rules(schema, "", kind.name))
    return f"\n## {kind.name}\n\n{kind.doc}\n" + "".join(parts) + f"\n### {kind.name} rules\n\n{rules}"


def _fields(node: Schema, prefix: str = "") -> Iterator[tuple[str, ...]]:
    """One row a field, what it is made of right below it."""
    for name, field in node.get("properties", {}).items():
        required = " *(required)*" if name in node.get("required", []) else ""
        yield f"`{prefix}{name}`{required}", _type(field), _default(field), field["description"].replace("<", "&lt;")
        inner = field.get("items", field)
        yield from _fields(inner, f"{prefix}{name}{'[]' if inner is not field else ''}.")


def _type(field: Schema) -> str:
    if "enum" in field:
        return " \\| ".join(f"`{value}`" for value in field["enum"])
    if field["type"] == "array":
        return f"list of {_type(field['items'])}"
    if "additionalProperties" in field:
        return f"map of {_type(field['additionalProperties'])}"
    limits = [f"{sign} {field[name]}" for name, sign in _signs(field)]
    return " ".join([str(field.get("format") or field["type"]), ", ".join(limits)]).strip()


def _signs(field: Schema) -> Iterator[tuple[str, str]]:
    for name, sign in (("minimum", ">"), ("maximum", "<")):
        if name in field:
            is_open = field.get(f"exclusive{name.capitalize()}")
            yield name, sign if is_open else {">": "≥", "<": "≤"}[sign]


def _default(field: Schema) -> str:
    plain = "default" in field and field["type"] not in ("object", "array")
    return f"`{field['default']}`" if plain else ""


def _rules(node: Schema, path: str, kind: str) -> Iterator[str]:
    """Every rule of the spec and of the object itself; a status is the operator's own."""
    for rule in node.get(VALIDATIONS, []):
        yield f"`{path.strip('.') or kind}`: {rule['message']}"
    for name, child in node.get("properties", {}).items():
        if name != "status":
            yield from _rules(child, f"{path}.{name}", kind)
    if "items" in node:
        yield from _rules(node["items"], f"{path}[]", kind)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
