"""A bounded queue with a worker behind it: work after the answer, that can never hold up or outgrow the host."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_BYTES = 16 * 1024 * 1024

_log = logging.getLogger(__name__)


class Lane(Generic[T]):
    """Hands items to `work` in order, at most `batch` at a time; fewer than that first gather for `pause` seconds."""

    def __init__(self, work: Callable[[list[T]], Awaitable[None]], *, batch: int, pause: float) -> None:
        self._work, self._batch, self._pause = work, batch, pause
        self._items: deque[tuple[T, int]] = deque()
        self._bytes = 0
        self._worker: asyncio.Task[None] | None = None
        self.most = 1024
        """Most items that wait."""

    def put(self, item: T, size: int) -> bool:
        """Queue an item of so many bytes; False when there is no room, and it is dropped. An empty lane takes any."""
        if self._items and (len(self._items) >= self.most or self._bytes + size > MOST_BYTES):
            return False
        self._items.append((item, size))
        self._bytes += size
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._run())
        return True

    async def drained(self) -> None:
        """Wait until all that is queued now was worked on."""
        if self._worker:
            await asyncio.shield(self._worker)

    def close(self) -> None:
        """Stop working; what waits is lost."""
        if self._worker:
            self._worker.cancel()

    async def _run(self) -> None:
        while self._items:
            if len(self._items) < self._batch:
                await asyncio.sleep(self._pause)
            items = [self._take() for _ in range(min(self._batch, len(self._items)))]
            try:
                await self._work(items)
            except Exception:  # noqa: BLE001  # a fault in one batch must not silence all that comes after
                _log.exception("a batch of %d was lost", len(items))

    def _take(self) -> T:
        item, size = self._items.popleft()
        self._bytes -= size
        return item
