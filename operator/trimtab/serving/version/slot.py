"""The place a version stands in: swapped in one step when the next one is ready, kept when the next one is bad.

A version that could not be loaded is tried again by itself, as the cause may go away (a store that is down).
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from trimtab.contract.serving import VersionHealth, VersionRef
from trimtab.serving.version.errors import VersionError

T = TypeVar("T")

_log = logging.getLogger(__name__)
_LONGEST_PAUSE = 60.0


class Slot(Generic[T]):
    """Holds what `load` made of a version. Loading runs in a thread, so requests are answered meanwhile."""

    def __init__(self, load: Callable[[VersionRef], T], first_pause: float = 1.0) -> None:
        """Load by `load`; a failure is tried again after `first_pause` seconds, then twice as long, up to a minute."""
        self._load, self._first_pause = load, first_pause
        self._wanted: VersionRef | None = None
        self._again: asyncio.Task[None] | None = None
        self._placed: tuple[VersionRef, T] | None = None
        self.error: str | None = None

    @property
    def current(self) -> T | None:
        return self._placed[1] if self._placed else None

    @property
    def ref(self) -> VersionRef | None:
        """The version in place, which may be another than the one wanted."""
        return self._placed[0] if self._placed else None

    @property
    def health(self) -> VersionHealth:
        return VersionHealth(version=self.ref.version if self.ref else None, error=self.error)

    async def place(self, ref: VersionRef | None) -> None:
        """Put a version in place; None empties the slot. Never raises: what went wrong stands in `error`."""
        if self._again:
            self._again.cancel()
            self._again = None
        self._wanted, self.error = ref, None
        if ref is None:
            self._placed = None
        elif not await self._try(ref):
            self._again = asyncio.create_task(self._retry(ref))

    async def _try(self, ref: VersionRef) -> bool:
        if self._placed and self._placed[0] == ref:
            return True
        try:
            loaded = await asyncio.to_thread(self._load, ref)
        except VersionError as error:
            return self._failed(ref, str(error))
        except Exception as error:  # noqa: BLE001  # whatever a file makes a loader throw, the version in place must live on
            return self._failed(ref, f"{type(error).__name__}: {error}")
        if self._wanted == ref:
            self._placed, self.error = (ref, loaded), None
        return True

    def _failed(self, ref: VersionRef, fault: str) -> bool:
        _log.warning("version %s cannot be loaded: %s", ref.version, fault)
        if self._wanted == ref:
            self.error = fault[:300]
        return False

    async def _retry(self, ref: VersionRef) -> None:
        pause = self._first_pause
        while not await self._after(pause, ref):
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _after(self, pause: float, ref: VersionRef) -> bool:
        await asyncio.sleep(pause)
        return await self._try(ref)
