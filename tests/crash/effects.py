"""Names each effect of the operator, and kills the process before or after the one it was told to.

An effect is a call that changes something: every write to the API server (events too) and every call that tells an
outside system something. `port.method subject#n` names the n-th such call of this life of the process.
"""

import functools
import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from trimtab.keys import RunKey
from trimtab.ports import World

EFFECTS = {
    "cluster": ("apply", "apply_status", "create", "delete", "release"),
    "pipelines": ("start", "cancel"),
    "serving": ("apply", "remove"),
    "registry": ("label", "alias", "unalias"),
    "recorder": ("record",),
}


class Effects:
    """Writes each effect's name to a file; dies at `crash_at`, which is before:NAME or after:NAME."""

    def __init__(self, log: Path, crash_at: str) -> None:
        self._log = log
        self._crash_at = crash_at
        self._seen: Counter[str] = Counter()

    def watch(self, world: World) -> World:
        """The same world, with every effect watched."""
        watched = {port: _Watched(getattr(world, port), port, methods, self) for port, methods in EFFECTS.items()}
        assert watched.keys() <= {field.name for field in fields(world)}
        return replace(world, **watched)

    def begins(self, effect: str) -> str:
        self._seen[effect] += 1
        name = f"{effect}#{self._seen[effect]}"
        with self._log.open("a") as log:
            log.write(f"{name}\n")
        self._die_at(f"before:{name}")
        return name

    def ended(self, name: str) -> None:
        self._die_at(f"after:{name}")

    def _die_at(self, place: str) -> None:
        if place == self._crash_at:
            os.kill(os.getpid(), signal.SIGKILL)


class _Watched:
    """A port whose effects are watched; everything else passes through."""

    def __init__(self, port: Any, name: str, methods: tuple[str, ...], effects: Effects) -> None:
        self._port, self._name, self._methods, self._effects = port, name, methods, effects

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._port, method)
        return self._around(method, call) if method in self._methods else call

    def _around(self, method: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        async def watched(*arguments: Any) -> Any:
            name = self._effects.begins(f"{self._name}.{method} {subject(*arguments)}")
            result = await call(*arguments)
            self._effects.ended(name)
            return result

        return watched


def subject(*arguments: Any) -> str:
    """What a call is about, in words that are the same in every life of the operator."""
    first = arguments[0]
    if isinstance(first, RunKey):
        return first.name.rsplit("-", 2)[0]
    if isinstance(first, dict):
        about = f"{first['kind']}/{first['metadata']['name']}"
        return " ".join([about, *arguments[1:3]]) if len(arguments) > 1 else about
    if isinstance(first, str):
        return " ".join(str(argument) for argument in arguments if not isinstance(argument, dict))
    return str(getattr(first, "name", first))
