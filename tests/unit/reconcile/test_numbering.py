"""Which number a version gets: by rule, from what is there."""

import pytest

from tests.support.objects import CODE, DIGEST, model_version, report, service, signature, training_spec
from trimtab.api.trainingrun import DataPin, TrainingRunSpec
from trimtab.reconcile import reading
from trimtab.reconcile.trainingrun.numbering import data_version, given, next_number


def number(*existing, spec=None, services=(), **found):
    read = TrainingRunSpec.model_validate(spec or training_spec())
    numbers = given("late", existing, [remembering(*told) for told in services])
    return str(next_number(read, report(**found), known(*existing), numbers))


def remembering(*told):
    """A service that took decisions about versions of which nothing else is left."""
    obj = service()
    obj["metadata"] |= {"uid": "svc", "resourceVersion": "1", "creationTimestamp": "2026-01-01T00:00:00Z"}
    obj["status"] = {"decisions": [{"time": "2026-01-01T00:00:00Z", "action": a, "version": v} for a, v in told]}
    return reading.services([obj])[0]


def repeating(version, **changes):
    evidence = {"service": "svc", "episode": 1, "version": version}
    return training_spec(trigger={"kind": "Drift", "evidence": evidence}, **changes)


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


def test_the_number_of_a_version_that_cannot_be_read_is_not_given_again():
    assert number(model_version("1.0.0"), model_version("1.0.1", artifact={"uri": 3})) == "1.0.2"


def test_a_name_that_is_taken_is_not_given_again():
    other = model_version("1.0.1")
    other["spec"]["version"] = "0.9.0"
    assert number(model_version("1.0.0"), other) == "1.0.2"


def test_numbers_of_deleted_versions_that_a_service_remembers_are_not_given_again():
    told = [("Promoted", "1.0.1"), ("Rejected", "1.0.5"), ("Retrain", None)]
    assert number(model_version("1.0.0"), services=[told]) == "1.0.6"


def test_a_version_after_one_of_which_nothing_is_left_to_compare_with_is_taken_for_changed():
    assert number(services=[[("Deployed", "1.0.1")]]) == "2.0.0"


def test_a_training_that_drift_repeats_stays_in_the_line_of_the_version_it_repeats():
    experiment = model_version("2.0.0", signature=signature("z").wire())
    versions = [model_version("1.0.3"), model_version("1.0.4", rejected=True), experiment]
    assert number(*versions, spec=repeating("1.0.3")) == "1.0.5"


def test_a_repeated_training_whose_code_changed_meanwhile_is_the_next_minor_of_its_line():
    versions = [model_version("1.0.3"), model_version("1.1.0", rejected=True), model_version("2.0.0")]
    assert number(*versions, spec=repeating("1.0.3"), code_digest=DIGEST) == "1.2.0"


def test_a_repeated_training_whose_signature_changed_meanwhile_is_the_next_major_of_all():
    versions = [model_version("1.0.3"), model_version("2.0.0")]
    assert number(*versions, spec=repeating("1.0.3"), signature=signature("z")) == "3.0.0"


def test_of_a_repeated_version_that_was_deleted_the_newest_of_its_line_is_compared():
    versions = [model_version("1.0.2"), model_version("2.0.0", signature=signature("z").wire())]
    assert number(*versions, spec=repeating("1.0.3")) == "1.0.4"


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
