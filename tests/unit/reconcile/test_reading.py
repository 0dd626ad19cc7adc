"""Objects are read as the API server gives them, which may know newer kinds than this operator."""

import pytest

from tests.support.objects import service
from trimtab.api.inferenceservice import InferenceServiceSpec
from trimtab.reconcile.reading import spec_of


def newer(spec, *place):
    """The spec with a field that a newer kind has, at a place in it."""
    inner = spec
    for key in place:
        inner = inner.setdefault(key, {})
    inner["ofANewerKind"] = "Anything"
    return {"spec": spec}


@pytest.mark.parametrize("place", [(), ("monitoring",), ("monitoring", "data")], ids=str)
def test_an_operator_older_than_the_kinds_passes_over_fields_it_does_not_know(place):
    spec = service("flight-delay", "flights")["spec"]
    read, fault = spec_of(InferenceServiceSpec, newer(spec, *place))
    assert not fault
    assert read.model == spec["model"]


def test_a_field_that_is_known_and_wrong_is_named():
    read, fault = spec_of(InferenceServiceSpec, {"spec": {"model": "flight-delay", "version": "^1", "replicas": 3}})
    assert read is None
    assert fault.startswith("spec.replicas: ")
