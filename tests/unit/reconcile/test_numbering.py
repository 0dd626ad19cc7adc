"""Which number a version gets: by rule, from what is there."""

import pytest

from tests.support.objects import CODE, DIGEST, model_version, report, signature, training_spec
from trimtab.api.trainingrun import DataPin, TrainingRunSpec
from trimtab.reconcile import reading
from trimtab.reconcile.trainingrun.numbering import data_version, next_number


def number(*existing, spec=None, taken=(), **found):
    read = TrainingRunSpec.model_validate(spec or training_spec())
    return str(next_number(read, report(**found), known(*existing), frozenset(taken)))


def known(*objects):
    for count, obj in enumerate(objects):
        obj["metadata"] |= {"uid": str(count), "resourceVersion": "1", "creationTimestamp": "2026-01-01T00:00:00Z"}
    return reading.versions(objects)


def test_the_first_version_is_1_0_0():
    assert number() == "1.0.0"


def test_new_data_alone_is_a_patch():
    assert number(model_version("1.2.3")) == "1.2.4"


@pytest.mark.parametrize("features", [("x", "z"), ("z",)])
def test_a_changed_signature_is_major(features):
    assert number(model_version("1.2.3"), signature=signature(*features)) == "2.0.0"


def test_the_order_of_inputs_is_nothing_a_client_sees():
    before = model_version("1.2.3", signature=signature("a", "b").wire())
    assert number(before, signature=signature("b", "a")) == "1.2.4"


def test_changed_code_is_minor():
    assert number(model_version("1.2.3"), code_digest=DIGEST) == "1.3.0"


def test_unknown_code_is_taken_for_changed():
    assert number(model_version("1.2.3", lineage={"codeDigest": CODE})) == "1.3.0"
    assert number(model_version("1.2.3", lineage={})) == "1.3.0"


def test_changed_hyperparameters_are_minor():
    changed = training_spec(trainer={"entrypoint": "user:train", "hyperparameters": {"depth": 4}})
    assert number(model_version("1.2.3"), spec=changed) == "1.3.0"


def test_another_seed_is_a_patch():
    seeded = {"entrypoint": "user:train", "hyperparameters": {"depth": 3}, "seed": 9}
    assert number(model_version("1.2.3"), spec=training_spec(trainer=seeded)) == "1.2.4"


@pytest.mark.parametrize(("bump", "expected"), [("Major", "2.0.0"), ("Minor", "1.3.0"), ("Patch", "1.2.4")])
def test_a_bump_that_is_asked_for_wins(bump, expected):
    assert number(model_version("1.2.3"), spec=training_spec(bump=bump)) == expected


def test_numbers_count_from_the_newest_by_number():
    assert number(model_version("1.10.0"), model_version("1.9.0")) == "1.10.1"


def test_refused_versions_keep_their_number():
    assert number(model_version("1.0.0"), model_version("1.0.1", rejected=True)) == "1.0.2"


def test_a_name_that_is_taken_is_passed_over():
    assert number(model_version("1.0.0"), taken=["late-1.0.1", "late-1.0.2"]) == "1.0.3"


def pin(digest="b", **columns):
    return DataPin(
        uri="file:///data", revision=DIGEST, digest="sha256:" + digest * 64, snapshot="s", rows=1, columns=columns
    )


def trained_on(version="1.0.0", uri="file:///data", **columns):
    data = {"uri": uri, "revision": DIGEST, "digest": DIGEST, "version": version, "columns": columns}
    return known(model_version("1.0.0", lineage={"data": data}))


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"x": "float"}, {"x": "float"}, "1.0.1"),
        ({"x": "float"}, {"x": "float", "z": "int"}, "1.1.0"),
        ({"x": "float", "z": "int"}, {"x": "float"}, "2.0.0"),
        ({"x": "float"}, {"x": "string"}, "2.0.0"),
    ],
)
def test_data_has_a_version_by_rule(before, now, expected):
    assert data_version(pin(**now), trained_on(**before)) == expected


def test_the_same_data_keeps_its_version():
    assert data_version(pin(digest="a", x="float"), trained_on("1.4.0", x="float")) == "1.4.0"


def test_data_of_another_source_starts_anew():
    assert data_version(pin(x="float"), trained_on("1.4.0", uri="file:///other", x="float")) == "1.0.0"
