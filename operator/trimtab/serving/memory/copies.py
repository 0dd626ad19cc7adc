"""A copy of the monitor's memory in an object store, for a monitor whose disk goes with its pod.

The copy is one object, written whole, so a monitor that starts anew finds all or nothing of some moment before. What
came between the last copy and the end is lost: rows that are missing, never rows that count twice. While one Ray
cluster takes over from another, two monitors write the same copy, and the one that still has traffic writes last.
"""

import asyncio
import logging
import time
import uuid
from pathlib import Path

from trimtab import storage
from trimtab.serving.memory.store import Store

PAUSE = 30.0
"""Seconds between copies, while there is something new."""
_SHARE = 20
"""Copying takes at most the twentieth part of the time, however large the memory is."""
_MAGIC = b"SQLite format 3\0"

_log = logging.getLogger(__name__)


def restore(path: Path, copy: str) -> bool:
    """Bring the memory to a place that has none; False where there was nothing to bring, or no way to it."""
    if path.exists():
        return False
    fetched = path.with_suffix(".fetched")
    try:
        storage.download(copy, fetched)
    except FileNotFoundError:
        return False
    except OSError as error:
        _log.error("the memory begins anew, its copy cannot be read: %s", error)  # the message says it all
        return False
    with fetched.open("rb") as file:
        begins = file.read(len(_MAGIC))
    if begins != _MAGIC:
        _log.error("the memory begins anew, %s is no copy of one", copy)
        return False
    fetched.replace(path)
    return True


class Keeper:
    """Copies a memory again and again, as long as something changes in it."""

    def __init__(self, store: Store, copy: str, pause: float = PAUSE) -> None:
        self._store, self._copy, self._pause = store, copy, pause
        self._kept = store.changes
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless it was begun before; needs a running event loop."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def keep(self) -> bool:
        """Copy what is new, between two transactions; True if there was something, and it is safe now."""
        changes = self._store.changes
        if changes == self._kept or not self._written():
            return False
        self._kept = changes
        return True

    async def _run(self) -> None:
        took = 0.0
        while True:
            await asyncio.sleep(max(self._pause, _SHARE * took))
            began, changes = time.monotonic(), self._store.changes
            if changes != self._kept and await asyncio.to_thread(self._written):
                self._kept = changes
            took = time.monotonic() - began

    def _written(self) -> bool:
        """Copy by way of a file beside it, as it may be larger than the replica's memory."""
        file = self._store.path.with_suffix(f".{uuid.uuid4().hex}.copy")
        try:
            self._store.copy_to(file)
            storage.upload(file, self._copy)
        except Exception as error:  # noqa: BLE001  # whatever went wrong now may go well the next time
            _log.warning("the memory was not copied: %s", error)
            return False
        finally:
            file.unlink(missing_ok=True)
        return True
