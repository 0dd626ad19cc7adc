"""Amounts are written as Kubernetes writes them, so that the same amount is never taken for another."""

import pytest

from trimtab.api.resources import canonical_cpu, canonical_memory


@pytest.mark.parametrize(
    ("given", "written"),
    [("500m", "500m"), ("0.5", "500m"), ("2", "2"), ("2000m", "2"), ("1.5", "1500m"), ("1.0", "1"), ("0.0001", "1m")],
)
def test_processors_are_written_in_one_way(given, written):
    assert canonical_cpu(given) == written


@pytest.mark.parametrize(
    ("given", "written"), [("2Gi", "2Gi"), ("2048Mi", "2Gi"), ("1536Mi", "1536Mi"), ("1024Gi", "1Ti"), ("3Ti", "3Ti")]
)
def test_memory_is_written_in_one_way(given, written):
    assert canonical_memory(given) == written
