"""What the API server says to the samples, and to the mistakes people make."""

from pathlib import Path

import pytest
import yaml
from kubernetes import client

from tests.cluster.api.conftest import PLURALS, message_of

CRDS = Path(__file__).parents[3] / "crds"
SAMPLES = sorted((CRDS / "samples").glob("*.yaml"))
INVALID = sorted((CRDS / "invalid").glob("*.yaml"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_accepted(objects, path):
    created = objects.create(yaml.safe_load(path.read_text()), dry_run="All")
    assert created["metadata"]["generation"] == 1


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_mistake_is_refused_with_the_field_and_the_fix(objects, path):
    text = path.read_text()
    with pytest.raises(client.ApiException) as refused:
        objects.create(yaml.safe_load(text), dry_run="All")
    assert text.splitlines()[0].removeprefix("# expect: ") in message_of(refused)


def test_each_kind_has_mistakes_and_each_mistake_says_what_it_expects():
    assert {yaml.safe_load(path.read_text())["kind"] for path in INVALID} == set(PLURALS)
    assert [path.name for path in INVALID if not path.read_text().startswith("# expect: ")] == []
