"""Proves that the watches still flow: what the API server had at one look must have arrived by the next.

A watch whose task has ended is simply missing. One that died in silence shows as an object that the server knows in a
newer version than the cache, twice. There is nothing to repair from inside: the process ends, and its supervisor starts
a new one. A deletion that fell into a gap between two streams is repaired here.

A place that may not be read proves nothing: its namespace may be gone, or its Role be on its way. It is passed over;
once it can be read again, watches of it that have ended are missed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from trimtab.adapters.kube.cache import Cache, Listing, version
from trimtab.errors import Refuse, Retry
from trimtab.keys import Key

logger = logging.getLogger(__name__)
Place = str | None  # a namespace; None is everywhere
Look = Callable[[str, Place], Awaitable[Listing]]  # what the API server has of a kind in a place


class WatchDeadError(Exception):
    """A watch no longer shows what happens."""


class Watchdog:
    """Looks at each kind in each place; `streams` counts the watches of a place that are alive, one for each kind."""

    def __init__(
        self, cache: Cache, look: Look, streams: Callable[[Place], int], places: Sequence[Place] = (None,)
    ) -> None:
        self._cache = cache
        self._look = look
        self._streams = streams
        self._places = places
        self._before: dict[tuple[str, Place], Mapping[Key, int]] = {}
        self._closed: set[Place] = set()

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
        """Look once at each kind, wherever we may."""
        for place in self._places:
            try:
                seen = {kind: await self._look(kind, place) for kind in self._cache.kinds}
            except Refuse as error:
                self._pass_over(place, error)
            else:
                self._closed.discard(place)
                self._prove(place, seen)

    def _pass_over(self, place: Place, error: Refuse) -> None:
        if place not in self._closed:
            logger.warning("%s is passed over, it may not be read: %s", place or "the cluster", error)
        self._closed.add(place)

    def _prove(self, place: Place, seen: Mapping[str, Listing]) -> None:
        alive = self._streams(place)
        if alive < len(seen):
            raise WatchDeadError(f"{alive} of {len(seen)} watches of {place or 'all namespaces'} are alive")
        for kind, now in seen.items():
            before = self._before.get((kind, place), {})
            if late := [key for key, known in before.items() if key in now.versions and self._behind(key, known)]:
                raise WatchDeadError(f"the watch of {kind} is dead: it did not show {late[0].namespace}/{late[0].name}")
            self._forget_gone(kind, place, now)
            self._before[kind, place] = now.versions

    def _behind(self, key: Key, known: int) -> bool:
        obj = self._cache.get(key)
        return obj is None or version(obj) < known

    def _forget_gone(self, kind: str, place: Place, now: Listing) -> None:
        """Drop what is no longer there; what is younger than the listing cannot be in it."""
        for obj in self._cache.all(kind):
            key = Key.of(obj)
            if key.namespace == (place or key.namespace) and key not in now.versions and version(obj) <= now.taken_at:
                self._cache.drop(obj)
