"""What is started, after what, and in which order things are stopped."""

import pytest

from trimtab.sandbox.errors import SandboxError
from trimtab.sandbox.part import Part
from trimtab.sandbox.plan import select, stopping_order, waits_for

ETCD = Part("etcd", ("etcd",), probes=())
API = Part("kube-apiserver", ("kube-apiserver",), probes=(), after=("etcd",))
MLFLOW = Part("mlflow", ("mlflow",), probes=())
OPERATOR = Part("operator", ("operator",), probes=(), after=("kube-apiserver", "mlflow"))
ALL = [ETCD, API, MLFLOW, OPERATOR]


def test_without_a_choice_everything_is_started():
    assert select(ALL, []) == ALL


def test_a_group_stands_for_its_parts():
    assert select(ALL, ["controlplane"]) == [ETCD, API]


def test_parts_and_groups_can_be_named_together():
    assert select(ALL, ["mlflow", "controlplane"]) == [ETCD, API, MLFLOW]


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(SandboxError, match="no part is named redis; there are controlplane, etcd"):
        select(ALL, ["redis"])


def test_a_part_waits_only_for_what_is_started_with_it():
    assert waits_for(OPERATOR, ALL) == ["kube-apiserver", "mlflow"]
    assert waits_for(OPERATOR, [OPERATOR, MLFLOW]) == ["mlflow"]


def test_nothing_is_stopped_before_what_stands_on_it():
    after = {part.name: part.after for part in ALL}
    assert stopping_order(list(after), after) == [["operator"], ["kube-apiserver", "mlflow"], ["etcd"]]


def test_what_stands_in_between_keeps_the_order_though_it_is_not_running():
    after = {part.name: part.after for part in ALL}
    assert stopping_order(["etcd", "operator"], after) == [["operator"], ["etcd"]]


def test_a_part_that_is_known_no_more_is_stopped_first():
    assert stopping_order(["etcd", "relic"], {"etcd": ()}) == [["etcd", "relic"]]
