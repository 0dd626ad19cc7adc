"""What the charts hold of the kinds, the rights and the values is what is generated from them."""

import json
from pathlib import Path

import pytest
import yaml

from trimtab.deploy.generate import files
from trimtab.deploy.values import Values, render

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("path", files())
def test_a_generated_file_is_committed_as_it_is_generated(path):
    assert (ROOT / path).read_text() == files()[path], "run make gen and commit"


def test_the_defaults_are_read_back_as_they_are_meant():
    assert yaml.safe_load(render.defaults()) == Values().model_dump(mode="json", by_alias=True)


def test_the_page_names_every_value_once():
    leaves = [path for path, _, _ in render.rows()]
    assert len(set(leaves)) == len(leaves)
    assert {path.split(".")[0] for path in leaves} == set(yaml.safe_load(render.defaults()))


def test_every_value_says_what_it_does():
    assert [path for path, _, does in render.rows() if not does.endswith(".")] == []


def test_the_schema_needs_no_references_and_refuses_what_it_does_not_know():
    text = json.dumps(render.schema())
    assert "$ref" not in text
    assert render.schema()["additionalProperties"] is False
