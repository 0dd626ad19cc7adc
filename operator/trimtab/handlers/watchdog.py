"""Proves that the watches still flow: what the API server had at one look must have arrived by the next.

A watch whose task has ended is simply missing. One that died in silence shows as an object that the server knows in a
newer version than the cache, twice. There is nothing to repair from inside: the process ends, and its supervisor starts
a new one. A deletion that fell into a gap between two streams is repaired here.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from trimtab.adapters.cache import Cache, Listing, version
from trimtab.errors import Retry
from trimtab.keys import Key

logger = logging.getLogger(__name__)
Look = Callable[[str], Awaitable[Listing]]  # kind → what the API server has now


class WatchDeadError(Exception):
    """A watch no longer shows what happens."""


class Watchdog:
    """Looks at each kind; `streams` counts the watches that are alive, one for each kind in each of the `places`."""

    def __init__(self, cache: Cache, look: Look, streams: Callable[[], int], places: int = 1) -> None:
        self._cache = cache
        self._look = look
        self._streams = streams
        self._wanted = len(cache.kinds) * places
        self._before: dict[str, Mapping[Key, int]] = {kind: {} for kind in cache.kinds}

    async def run(self, period: float) -> None:
        """Look every `period` seconds, until a watch is found dead.

        Raises:
            WatchDeadError: a watch is dead.

        """
        while True:
            await asyncio.sleep(period)
            try:
                await self.look()
            except Retry as error:
                logger.warning("the watches cannot be proven: %s", error)

    async def look(self) -> None:
        """Look once at each kind."""
        if self._streams() < self._wanted:
            raise WatchDeadError(f"{self._streams()} of {self._wanted} watches are alive")
        for kind in self._cache.kinds:
            now = await self._look(kind)
            before = self._before[kind]
            if late := [key for key, known in before.items() if key in now.versions and self._behind(key, known)]:
                raise WatchDeadError(f"the watch of {kind} is dead: it did not show {late[0].namespace}/{late[0].name}")
            self._forget_gone(kind, now)
            self._before[kind] = now.versions

    def _behind(self, key: Key, known: int) -> bool:
        obj = self._cache.get(key)
        return obj is None or version(obj) < known

    def _forget_gone(self, kind: str, now: Listing) -> None:
        """Drop what is no longer there; what is younger than the listing cannot be in it."""
        for obj in self._cache.all(kind):
            if Key.of(obj) not in now.versions and version(obj) <= now.taken_at:
                self._cache.drop(obj)
