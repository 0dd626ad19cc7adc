"""A watch that died in silence ends the process; a watch that flows does not."""

import pytest

from tests.support.objects import training_run
from trimtab.adapters.kube.cache import Cache, Listing
from trimtab.errors import Refuse
from trimtab.handlers.watchdog import WatchDeadError, Watchdog
from trimtab.keys import Key


@pytest.fixture
def server():
    """What the API server holds: kind → key → resource version; and its own version, at which it is asked."""
    return {"TrainingRun": {}, "at": 8, "streams": {"ns": 1, "other": 1}, "closed": set()}


@pytest.fixture
def cache():
    return Cache(["TrainingRun"])


@pytest.fixture
def watchdog(cache, server):
    async def look(kind, place):
        if place in server["closed"]:
            raise Refuse("ClusterRefused", "403")
        return Listing({key: at for key, at in server[kind].items() if key.namespace == place}, server["at"])

    return Watchdog(cache, look, lambda place: server["streams"][place], ("ns", "other"))


def seen(cache, name, version):
    obj = training_run(name)
    obj["metadata"] |= {"resourceVersion": str(version), "uid": name}
    cache.put(obj)


def key(name):
    return Key("TrainingRun", "ns", name)


async def test_a_watch_that_shows_what_happens_is_left_alone(watchdog, cache, server):
    seen(cache, "first", 5)
    server["TrainingRun"][key("first")] = 5
    for version in range(6, 9):
        await watchdog.look()
        server["TrainingRun"][key("first")] = version
        seen(cache, "first", version)
    await watchdog.look()


async def test_a_change_may_be_on_its_way_at_one_look(watchdog, cache, server):
    seen(cache, "first", 5)
    server["TrainingRun"][key("first")] = 6
    await watchdog.look()
    seen(cache, "first", 6)
    await watchdog.look()


async def test_a_change_that_is_not_shown_by_the_next_look_is_a_dead_watch(watchdog, cache, server):
    seen(cache, "first", 5)
    server["TrainingRun"][key("first")] = 6
    await watchdog.look()
    with pytest.raises(WatchDeadError, match="ns/first"):
        await watchdog.look()


async def test_an_object_that_is_never_shown_is_a_dead_watch(watchdog, server):
    server["TrainingRun"][key("new")] = 7
    await watchdog.look()
    with pytest.raises(WatchDeadError):
        await watchdog.look()


async def test_a_deletion_that_was_never_shown_is_made_good(watchdog, cache):
    seen(cache, "first", 5)
    await watchdog.look()
    assert cache.get(key("first")) is None


async def test_an_object_that_is_younger_than_the_listing_is_kept(watchdog, cache):
    seen(cache, "young", 9)
    await watchdog.look()
    assert cache.get(key("young")) is not None


async def test_a_watch_whose_task_has_ended_is_missed(watchdog, server):
    server["streams"]["other"] = 0
    with pytest.raises(WatchDeadError, match="0 of 1 watches of other"):
        await watchdog.look()


async def test_a_place_that_may_not_be_read_is_passed_over_and_the_others_are_proven(watchdog, cache, server):
    seen(cache, "first", 5)
    server["closed"], server["streams"]["ns"] = {"ns"}, 0
    await watchdog.look()
    assert cache.get(key("first")) is not None
    server["streams"]["other"] = 0
    with pytest.raises(WatchDeadError, match="other"):
        await watchdog.look()


async def test_a_place_that_can_be_read_again_has_its_ended_watches_missed(watchdog, server):
    server["closed"], server["streams"]["ns"] = {"ns"}, 0
    await watchdog.look()
    server["closed"] = set()
    with pytest.raises(WatchDeadError, match="0 of 1 watches of ns"):
        await watchdog.look()
