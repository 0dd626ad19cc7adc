"""The operator's rights are counted out: nothing wide, nothing secret, nothing that its engine does not need."""

from itertools import chain

import pytest

from trimtab.deploy import rights

ENGINES = {**rights.PIPELINES, **rights.SERVING}
RULES = [*rights.CORE, *rights.LEADER, *rights.ROUTES, *chain.from_iterable(ENGINES.values())]


def test_no_rule_holds_a_wildcard():
    assert not any("*" in word for rule in RULES for words in rule.values() for word in words)


@pytest.mark.parametrize("verb", ["get", "list", "watch", "update", "patch", "delete"])
def test_secrets_are_neither_read_nor_changed(verb):
    assert not any("secrets" in rule["resources"] and verb in rule["verbs"] for rule in RULES)


def test_the_core_reaches_only_our_own_kinds_and_events():
    assert {group for rule in rights.CORE for group in rule["apiGroups"]} == {"trimtab.dev", "events.k8s.io"}


def test_specs_of_versions_are_never_written_again():
    assert [rule["verbs"] for rule in rights.CORE if "modelversions" in rule["resources"]] == [
        ["list", "watch"],
        ["create"],
    ]
