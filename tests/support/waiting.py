"""Waiting for what comes about by itself: no longer than it takes, and never for ever."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
What = str | Callable[[], str]
"""What is waited for, or a call that says it once it has not come."""


def until(holds: Callable[[], T], what: What = "it comes about", patience: float = 60.0, pause: float = 0.05) -> T:
    """Wait until something holds, and return it; `patience` and `pause` are in seconds."""
    end = time.monotonic() + patience
    while not (found := holds()):
        assert time.monotonic() < end, _not_in(patience, what)
        time.sleep(pause)
    return found


async def until_async(
    holds: Callable[[], T | Awaitable[T]], what: What = "it comes about", patience: float = 60.0, pause: float = 0.05
) -> T:
    """`until` for those who run in an event loop; what is looked at may be awaited."""
    end = time.monotonic() + patience
    while not (found := await _looked(holds)):
        assert time.monotonic() < end, _not_in(patience, what)
        await asyncio.sleep(pause)
    return found


async def _looked(holds: Callable[[], T | Awaitable[T]]) -> T:
    found = holds()
    return await found if inspect.isawaitable(found) else found


def _not_in(patience: float, what: What) -> str:
    return f"not in {patience:.0f} s: {what if isinstance(what, str) else what()}"
