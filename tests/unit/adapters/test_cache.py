"""The cache shows the newest it was told, in whatever order it was told."""

import pytest

from tests.support.objects import training_run
from trimtab.adapters.cache import Cache
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


def test_objects_are_listed_by_namespace_or_all(cache):
    cache.put(version(1))
    cache.put(version(2, namespace="other"))
    assert len(cache.list("TrainingRun", "other")) == 1
    assert len(cache.list("TrainingRun")) == 2
