"""The loop: one pass at a time for each object, nothing lost, nobody held up."""

import asyncio
from datetime import timedelta

import pytest

from tests.support.waiting import until_async
from trimtab.errors import Retry, Wait
from trimtab.keys import Key
from trimtab.reconcile.loop import Loop

A, B = Key("TrainingRun", "ns", "a"), Key("TrainingRun", "ns", "b")


class Looks:
    """A pass that notes who was looked at, and does what the test says."""

    def __init__(self):
        self.seen = []
        self.does = {}
        self.open = asyncio.Event()
        self.open.set()
        self.most_at_once = {}
        self._now = {}

    async def __call__(self, key):
        self.seen.append(key)
        self._now[key] = self._now.get(key, 0) + 1
        self.most_at_once[key] = max(self.most_at_once.get(key, 0), self._now[key])
        await self.open.wait()
        self._now[key] -= 1
        does = self.does.get(key)
        if isinstance(does, list):
            does = does.pop(0) if does else None
        if isinstance(does, Exception):
            raise does
        return does


@pytest.fixture
def looks():
    return Looks()


@pytest.fixture
async def loop(looks):
    loop = Loop(looks)
    task = asyncio.create_task(loop.run())
    yield loop
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(true):
    await until_async(true, patience=10, pause=0.005)


async def idle():
    for _ in range(20):
        await asyncio.sleep(0)


async def test_an_object_that_rings_is_looked_at(loop, looks):
    loop.ring(A)
    await until(lambda: looks.seen == [A])


async def test_ringing_often_before_a_look_is_one_look(loop, looks):
    for _ in range(10):
        loop.ring(A)
    await until(lambda: looks.seen)
    await idle()
    assert looks.seen == [A]


async def test_what_rings_during_its_own_look_is_looked_at_once_more(loop, looks):
    looks.open.clear()
    loop.ring(A)
    await until(lambda: looks.seen)
    for _ in range(10):
        loop.ring(A)
    await idle()
    assert looks.seen == [A]
    looks.open.set()
    await until(lambda: looks.seen == [A, A])
    assert looks.most_at_once[A] == 1


async def test_others_go_on_meanwhile(loop, looks):
    looks.open.clear()
    loop.ring(A)
    loop.ring(B)
    await until(lambda: set(looks.seen) == {A, B})


async def test_a_dozen_looks_that_wait_for_silent_endpoints_hold_nobody_up(loop, looks):
    looks.open.clear()
    silent = [Key("InferenceService", "ns", f"silent-{number}") for number in range(12)]
    for key in (*silent, A):
        loop.ring(key)
    await until(lambda: A in looks.seen)


async def test_a_look_may_ask_for_another_one_later(loop, looks):
    looks.does[A] = [timedelta(milliseconds=1)]
    loop.ring(A)
    await until(lambda: looks.seen == [A, A])


async def test_an_earlier_appointment_stands(loop, looks):
    loop.ring_in(A, timedelta(milliseconds=1))
    loop.ring_in(A, timedelta(hours=1))
    await until(lambda: looks.seen == [A])


async def test_a_nearer_appointment_takes_the_place_of_a_later_one(loop, looks):
    loop.ring_in(A, timedelta(hours=1))
    loop.ring_in(A, timedelta(milliseconds=1))
    await until(lambda: looks.seen == [A])


async def test_a_look_that_waits_is_repeated_soon(loop, looks):
    looks.does[A] = [Wait("Gone", "not yet")]
    loop.ring(A)
    await until(lambda: looks.seen == [A, A])


@pytest.mark.parametrize("fault", [Retry("ClusterUnavailable", "away"), KeyError("a fault of ours")])
async def test_a_look_that_fails_is_repeated_and_stops_nobody(loop, looks, fault):
    looks.does[A] = [fault]
    loop.ring(A)
    await until(lambda: looks.seen == [A])
    loop.ring(B)
    await until(lambda: looks.seen == [A, B])
    await until(lambda: looks.seen == [A, B, A])


async def test_every_pass_is_counted_by_its_outcome(looks):
    counted = []

    class Counts:
        def passed(self, key, outcome, seconds):
            assert seconds >= 0
            counted.append((key, outcome))

    looks.does = {A: [KeyError("x")], B: [Wait("Gone", "")]}
    loop = Loop(looks, watcher=Counts())
    for key in (A, B):
        loop.ring(key)
    await loop.settle()
    assert counted == [(A, "error"), (B, "wait")]
