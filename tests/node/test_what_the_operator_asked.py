"""Least rights, by the audit log of all that ran on the node before: the tests of this folder run in order of name."""

import pytest

from tests.node.platform.rights import Right, asked, granted
from tests.node.platform.trimtab import NAMESPACE, RELEASE

pytestmark = [pytest.mark.timeout(1500), pytest.mark.usefixtures("spring")]

# Owning a child that holds up the owner's deletion: the API server checks it when the child is written, which no
# audit log shows; tests/cluster/test_owning_a_child.py sees it refused without this right.
CHECKED_IN_PASSING = {
    Right("trimtab.dev", f"{owners}/finalizers", "update") for owners in ("inferenceservices", "trainingruns")
}
# Their time is days in the example, not minutes; tests/cluster/operator/test_the_loop_closes.py sees a run deleted.
NOT_IN_THIS_STORY = {Right("trimtab.dev", "trainingruns", "delete")}


@pytest.fixture(scope="module")
def asked_by_us(node, trimtab):
    return asked(node.place.layout.audit, RELEASE, NAMESPACE, trimtab.replica_sets())


def test_nothing_is_refused(asked_by_us):
    _, refused = asked_by_us
    assert not refused


def test_every_right_is_used(node, asked_by_us):
    allowed, _ = asked_by_us
    unused = granted(node, RELEASE, NAMESPACE) - allowed - CHECKED_IN_PASSING - NOT_IN_THIS_STORY
    assert not unused


def test_no_right_is_a_wildcard_and_none_reads_secrets(node):
    rights = granted(node, RELEASE, NAMESPACE)
    assert rights
    assert not {right for right in rights if "*" in (right.group, right.resource, right.verb)}
    assert {right.verb for right in rights if right.resource == "secrets"} <= {"create"}
