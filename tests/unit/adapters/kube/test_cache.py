"""The cache shows the newest it was told, in whatever order it was told."""

import pytest

from tests.support.objects import training_run
from trimtab.adapters.kube.cache import Cache
from trimtab.keys import Key

KEY = Key("TrainingRun", "ns", "first")


def version(number, uid="u", namespace="ns"):
    obj = training_run("first", namespace)
    obj["metadata"] |= {"resourceVersion": str(number), "uid": uid}
    return obj


@pytest.fixture
def cache():
    return Cache(["TrainingRun"])


@pytest.fixture
def told(cache):
    heard = []
    cache.listen(lambda obj: heard.append(obj["metadata"]["resourceVersion"]))
    return heard


def test_a_late_event_does_not_undo_a_newer_one(cache, told):
    cache.put(version(10))
    cache.put(version(9))
    assert cache.get(KEY)["metadata"]["resourceVersion"] == "10"
    assert told == ["10"]


def test_the_same_version_is_told_once(cache, told):
    cache.put(version(10))
    cache.put(version(10))
    assert told == ["10"]


def test_a_deleted_object_is_gone_and_told(cache, told):
    cache.put(version(10))
    cache.drop(version(11))
    assert cache.get(KEY) is None
    assert told == ["10", "11"]


def test_the_deletion_of_an_old_object_spares_the_young_one_of_its_name(cache):
    cache.put(version(12, uid="young"))
    cache.drop(version(11, uid="old"))
    assert cache.get(KEY)["metadata"]["uid"] == "young"


def test_objects_are_found_by_namespace_and_model(cache):
    cache.put(version(1))
    cache.put(version(2, namespace="other"))
    assert len(cache.of_model("TrainingRun", "other", "late")) == 1
    assert cache.of_model("TrainingRun", "ns", "another") == []
    assert len(cache.all("TrainingRun")) == 2


def test_an_object_that_is_about_another_model_now_is_found_there_only(cache):
    cache.put(version(1))
    moved = version(2)
    moved["spec"]["model"] = "another"
    cache.put(moved)
    assert cache.of_model("TrainingRun", "ns", "late") == []
    assert len(cache.of_model("TrainingRun", "ns", "another")) == 1
