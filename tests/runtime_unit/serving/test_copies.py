"""A monitor whose disk is gone finds its memory again in the object store, which a folder stands for here."""

import asyncio

import pytest

from tests.runtime_unit.serving.plane import Plane
from trimtab import storage
from trimtab.serving.memory.copies import Keeper, restore
from trimtab.serving.memory.store import Store


@pytest.fixture
def copy(tmp_path):
    return (tmp_path / "lake" / "monitors" / "ns_svc.sqlite").as_uri()


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "pod-1" / "m.sqlite")


def remember(store, name="rows", value=5):
    with store.transaction():
        store.raise_tally(name, "stream", value)


def test_what_was_copied_is_known_in_another_place(store, copy, tmp_path):
    keeper = Keeper(store, copy)
    remember(store)
    assert keeper.keep()
    elsewhere = tmp_path / "pod-2" / "m.sqlite"
    assert restore(elsewhere, copy)
    assert Store.open(elsewhere).tally("rows", "stream") == 5


def test_nothing_is_copied_while_nothing_changes(store, copy):
    keeper = Keeper(store, copy)
    assert not keeper.keep()
    assert not storage.exists(copy)
    remember(store)
    assert keeper.keep()
    assert not keeper.keep()


def test_a_copy_holds_no_half_of_a_transaction(store, copy, tmp_path):
    keeper = Keeper(store, copy)
    remember(store)
    with store.transaction():
        store.raise_tally("rows", "stream", 100)
        assert keeper.keep()
    restore(tmp_path / "pod-2.sqlite", copy)
    assert Store.open(tmp_path / "pod-2.sqlite").tally("rows", "stream") == 5


async def test_it_is_copied_by_itself_while_it_changes(store, copy):
    Keeper(store, copy, pause=0.01).start()
    remember(store)
    async with asyncio.timeout(30):
        while not storage.exists(copy):
            await asyncio.sleep(0.01)


def test_a_store_that_is_away_is_tried_again(store, tmp_path):
    (tmp_path / "lake").write_text("a file where a folder should be")
    keeper = Keeper(store, (tmp_path / "lake" / "m.sqlite").as_uri())
    remember(store)
    assert not keeper.keep()
    (tmp_path / "lake").unlink()
    assert keeper.keep()


async def test_a_copy_that_fails_in_any_way_is_made_again(store, copy, tmp_path, monkeypatch):
    failed = asyncio.Event()

    def fail(*_):
        failed.set()
        raise RuntimeError("a fault of the client's own")

    with monkeypatch.context() as broken:
        broken.setattr(storage, "upload", fail)
        Keeper(store, copy, pause=0.01).start()
        remember(store)
        async with asyncio.timeout(30):
            while not failed.is_set():
                await asyncio.sleep(0.01)
    async with asyncio.timeout(30):
        while not storage.exists(copy):
            await asyncio.sleep(0.01)
    assert not list(tmp_path.glob("pod-1/*.copy"))


def test_a_memory_that_is_there_is_never_overwritten(store, copy, tmp_path):
    storage.write(copy, b"SQLite format 3\0 of another time")
    remember(store)
    assert not restore(tmp_path / "pod-1" / "m.sqlite", copy)
    assert store.tally("rows", "stream") == 5


@pytest.mark.parametrize("content", [None, b"", b"<html>not found</html>"])
def test_without_a_copy_the_memory_begins_anew(content, copy, tmp_path):
    if content is not None:
        storage.write(copy, content)
    path = tmp_path / "pod-2" / "m.sqlite"
    assert not restore(path, copy)
    assert Store.open(path).tally("rows", "stream") == 0


async def test_a_monitor_that_ends_leaves_its_memory_to_one_in_another_place(tmp_path, copy, plan):
    plane = Plane(tmp_path / "pod-1" / "m.sqlite", copy)
    await plane.apply(plan)
    await plane.live(range(3))
    known = await plane.report()
    assert known.drift.windows == 2
    plane.monitor.__del__()  # as Ray Serve calls it
    await plane.close()
    elsewhere = Plane(tmp_path / "pod-2" / "m.sqlite", copy)
    await elsewhere.apply(plan)
    assert await elsewhere.report() == known
    await elsewhere.close()
