"""A fault planted on purpose: an operator that remembers in its own memory which pipeline run it started."""

import uuid
from dataclasses import replace
from typing import Any

from trimtab.contract.run import RunRequest, RunState
from trimtab.keys import RunKey
from trimtab.ports import World


class Forgetful:
    """Starts runs under random names; a new life of the operator cannot find them again."""

    def __init__(self, pipelines: Any) -> None:
        self._pipelines = pipelines
        self._remembered: dict[RunKey, RunKey] = {}

    async def find(self, key: RunKey) -> RunState | None:
        known = self._remembered.get(key)
        return await self._pipelines.find(known) if known else None

    async def start(self, key: RunKey, request: RunRequest) -> None:
        if key not in self._remembered:
            name, uid, attempt = key.name.rsplit("-", 2)
            self._remembered[key] = RunKey(key.namespace, f"{name}-{uid}{uuid.uuid4().hex[:4]}-{attempt}")
            await self._pipelines.start(self._remembered[key], request)

    async def cancel(self, key: RunKey) -> None:
        await self._pipelines.cancel(self._remembered.get(key, key))


def plant(world: World) -> World:
    """The world with the fault in it."""
    return replace(world, pipelines=Forgetful(world.pipelines))
