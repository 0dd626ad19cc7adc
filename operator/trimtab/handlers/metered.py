"""The outside systems with a stopwatch: each call of their ports is counted and timed, by how it ended."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from trimtab.errors import TrimtabError
from trimtab.ports import World

Told = Callable[[str, str, str, float], None]
"""Is told of a call: port, name of the call, outcome, seconds."""
_OUTSIDE = ("pipelines", "serving", "registry", "artifacts")


def metered(world: World, told: Told) -> World:
    """Return the same world; whoever calls an outside system through it is timed."""
    return replace(world, **{port: _Metered(port, getattr(world, port), told) for port in _OUTSIDE})


class _Metered:
    """A port as it is, but timed; an outcome is done, or retry, wait or refuse as the error says, or error."""

    def __init__(self, port: str, behind: Any, told: Told) -> None:
        self._port, self._behind, self._told = port, behind, told

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._behind, name)

        @wraps(call)
        async def timed(*args: Any, **kwargs: Any) -> Any:
            begun, outcome = time.monotonic(), "error"
            try:
                answer = await call(*args, **kwargs)
                outcome = "done"
            except TrimtabError as error:
                outcome = type(error).__name__.lower()
                raise
            else:
                return answer
            finally:
                self._told(self._port, name, outcome, time.monotonic() - begun)

        return timed
