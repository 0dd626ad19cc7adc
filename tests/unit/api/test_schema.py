"""The CRDs obey the API server's dialect, and say something about everything."""

from collections.abc import Iterator

import pytest
import yaml

from trimtab.api.crd import NOT_SEEN, crd, schema_of
from trimtab.api.kinds import KINDS
from trimtab.api.schema import Schema, structural
from trimtab.api.trainingrun import TrainingRunSpec

FOREIGN = {"$ref", "$defs", "title", "anyOf", "allOf", "oneOf", "const", "examples", "nullable", "pattern"}


def nodes(node: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    yield path, node
    for name, child in node.get("properties", {}).items():
        yield from nodes(child, f"{path}.{name}")
    for inner in ("items", "additionalProperties"):
        if inner in node:
            yield from nodes(node[inner], f"{path}[]")


def all_nodes() -> list[tuple[str, Schema]]:
    """Every node save those of Kubernetes itself."""
    found = [(f"{kind.name}{path}", node) for kind in KINDS for path, node in nodes(schema_of(kind))]
    return [(path, node) for path, node in found if ".metadata" not in path and ".apiVersion" not in path]


def is_bounded(node: Schema) -> bool:
    bound = {"string": "maxLength", "array": "maxItems"}.get(node["type"])
    is_map = node["type"] == "object" and "properties" not in node
    fixed = "enum" in node or node.get("format") == "date-time"
    return fixed or (bound or ("maxProperties" if is_map else "type")) in node


def test_everything_has_a_bound():
    unbounded = [path for path, node in all_nodes() if not path.endswith(".kind") and not is_bounded(node)]
    assert unbounded == []


def test_every_field_is_described():
    assert [path for path, node in all_nodes() if not path.endswith("[]") and not node.get("description")] == []


def test_nothing_foreign_to_the_dialect_is_left():
    assert [(path, FOREIGN & node.keys()) for path, node in all_nodes() if FOREIGN & node.keys()] == []


def test_every_rule_tells_what_to_do_in_few_words():
    rules = [rule for _, node in all_nodes() for rule in node.get("x-kubernetes-validations", [])]
    assert rules
    assert [rule for rule in rules if not 10 <= len(rule["message"]) <= 200] == []


def test_a_new_status_says_that_nobody_has_looked_yet_and_nothing_else():
    defaults = [(path, node["default"]) for path, node in all_nodes() if ".status" in path and "default" in node]
    assert [default for _, default in defaults] == [NOT_SEEN] * len(KINDS)
    assert all(path.endswith(".status") for path, _ in defaults)


def test_an_optional_field_is_absent_and_never_null():
    time = structural(TrainingRunSpec, defaults=True)["properties"]["data"]["properties"]["time"]
    assert time["type"] == "string"
    assert "default" not in time


def test_a_default_is_written_out_whole_because_rules_are_evaluated_on_it():
    spec = structural(TrainingRunSpec, defaults=True)["properties"]
    assert spec["data"]["properties"]["holdout"]["default"] == {"by": "Time", "fraction": 0.2, "refit": False}


def test_an_open_bound_becomes_a_flag():
    fraction = structural(TrainingRunSpec, defaults=True)["properties"]["data"]["properties"]["holdout"]["properties"][
        "fraction"
    ]
    assert (fraction["minimum"], fraction["exclusiveMinimum"]) == (0, True)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_crd_stays_small(kind):
    assert len(yaml.safe_dump(crd(kind))) < 200_000
