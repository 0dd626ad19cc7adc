"""When passes run: rung by changes and by time, one at a time for each object, several objects at once.

An object whose pass fails waits longer each time, and holds up no other. What rings while its pass runs is not lost:
the object is looked at once more afterwards.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from trimtab.errors import Retry, Wait
from trimtab.keys import Key
from trimtab.reconcile import backoff

logger = logging.getLogger(__name__)
Pass = Callable[[Key], Awaitable[timedelta | None]]
_WORKERS = 32
"""Passes at once: one waits for answers, a silent endpoint's for seconds, and costs the others nothing meanwhile."""
_SHORTLY = timedelta(milliseconds=200)


class Watcher(Protocol):
    """Is told of every pass; for metrics."""

    def passed(self, key: Key, outcome: str, seconds: float) -> None: ...


class Silent:
    """Tells nobody."""

    def passed(self, key: Key, outcome: str, seconds: float) -> None:
        """Do nothing."""


class Loop:
    """The queue of objects to look at."""

    def __init__(self, look: Pass, workers: int = _WORKERS, watcher: Watcher | None = None) -> None:
        self._look = look
        self._workers = workers
        self._watcher = watcher or Silent()
        self._queue: asyncio.Queue[Key] = asyncio.Queue()
        self._queued: set[Key] = set()
        self._busy: set[Key] = set()
        self._timers: dict[Key, asyncio.TimerHandle] = {}
        self._failures: dict[Key, int] = {}

    def ring(self, key: Key) -> None:
        """Look at the object as soon as possible."""
        if key not in self._queued:
            self._queued.add(key)
            if key not in self._busy:
                self._queue.put_nowait(key)

    def ring_in(self, key: Key, wait: timedelta) -> None:
        """Look at the object after a while; an earlier appointment stands, a later one is moved forward."""
        when = asyncio.get_running_loop().time() + wait.total_seconds()
        known = self._timers.get(key)
        if known is not None and not known.cancelled() and known.when() <= when:
            return
        if known is not None:
            known.cancel()
        self._timers[key] = asyncio.get_running_loop().call_at(when, self._due, key)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(self._workers):
                group.create_task(self._work(), name=f"reconcile worker {number}")

    async def settle(self) -> None:
        """Work off what is queued now and what that rings at once; for tests, which step time themselves."""
        while not self._queue.empty():
            await self._pass(await self._queue.get())

    def _due(self, key: Key) -> None:
        self._timers.pop(key, None)
        self.ring(key)

    async def _work(self) -> None:
        while True:
            await self._pass(await self._queue.get())

    async def _pass(self, key: Key) -> None:
        self._queued.discard(key)
        self._busy.add(key)
        begun = asyncio.get_running_loop().time()
        try:
            outcome, wait = await self._outcome(key)
        finally:
            self._busy.discard(key)
            if key in self._queued:
                self._queue.put_nowait(key)
        self._watcher.passed(key, outcome, asyncio.get_running_loop().time() - begun)
        if wait is not None:
            self.ring_in(key, wait)

    async def _outcome(self, key: Key) -> tuple[str, timedelta | None]:
        try:
            wait = await self._look(key)
        except Wait:
            return "wait", _SHORTLY
        except Retry as error:
            logger.warning("%s %s/%s: %s", key.kind, key.namespace, key.name, error)
            return "retry", self._longer(key)
        except Exception:  # one object that cannot be handled must not stop the others
            logger.exception("%s %s/%s: the pass failed", key.kind, key.namespace, key.name)
            return "error", self._longer(key)
        self._failures.pop(key, None)
        return "done", wait

    def _longer(self, key: Key) -> timedelta:
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        return backoff.after_failures(failures)
