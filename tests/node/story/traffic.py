"""Clients that never stop: a request on a connection of its own, so many times a second; none is sent twice."""

import asyncio
import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp

PATIENCE = aiohttp.ClientTimeout(total=10)


@dataclass
class Traffic:
    """Requests to one endpoint from a thread of its own, from `with` to its end."""

    url: str
    """Of the model: http://HOST:PORT/NAMESPACE/NAME/v2/models/MODEL."""
    a_second: float = 20.0
    answered: Counter[str] = field(default_factory=Counter)
    """How many answers each version gave."""
    failed: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    async def _run(self) -> None:
        begun = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for nth in itertools.count():
                await asyncio.sleep(begun + nth / self.a_second - time.monotonic())
                if self._ended.is_set():
                    return
                group.create_task(self._ask(nth))

    async def _ask(self, nth: int) -> None:
        try:
            async with aiohttp.ClientSession(timeout=PATIENCE) as session:
                async with session.post(f"{self.url}/infer", json=_request(nth)) as answer:
                    told = await answer.json(content_type=None) if answer.ok else await answer.text()
                if answer.ok:
                    self.answered[told["model_version"]] += 1
                else:
                    self.failed.append(f"{answer.status} {told[:200]}")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self.failed.append(f"{time.monotonic():.1f} {type(error).__name__} {error}")


def _request(nth: int) -> dict[str, Any]:
    """A row of the world of tests.support.models."""
    delay = {"name": "delay", "shape": [1, 1], "datatype": "FP32", "data": [(nth % 41 - 20) / 10]}
    carrier = {"name": "carrier", "shape": [1, 1], "datatype": "BYTES", "data": [("AA", "B6", "DL")[nth % 3]]}
    return {"id": f"r-{nth}", "parameters": {"day": "2026-01-01"}, "inputs": [delay, carrier]}
