"""Starts parts in parallel, each as soon as what it stands on is well; stops them in the opposite order."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trimtab.sandbox import processes
from trimtab.sandbox.errors import PartFailed, SandboxError
from trimtab.sandbox.health import healthy
from trimtab.sandbox.layout import Layout
from trimtab.sandbox.ledger import Ledger
from trimtab.sandbox.part import Part, Step
from trimtab.sandbox.plan import stopping_order, waits_for

# Settings of the user's shell that would reach into the sandbox's own programs.
_FOREIGN = ("KUBE", "MLFLOW_", "RAY_", "TRIMTAB_")


class Phase(StrEnum):
    """Where an item stands on the way up."""

    WAITING = "waiting"
    STARTING = "starting"
    WELL = "ready"
    KEPT = "already running"
    FAILED = "failed"


Report = Callable[[str, Phase], None]


@dataclass(frozen=True)
class Seen:
    """What is known of a part: its process, if it was started and still runs, and whether it answers."""

    name: str
    process: processes.Process | None
    well: bool
    started_before: bool

    @property
    def state(self) -> str:
        """One word for people."""
        if self.process:
            return "healthy" if self.well else "unhealthy"
        return "crashed" if self.started_before else "stopped"


@dataclass(frozen=True)
class Supervisor:
    """Of one state folder."""

    layout: Layout

    @property
    def ledger(self) -> Ledger:
        """Which process each part is."""
        return Ledger(self.layout.processes)

    async def look(self, part: Part) -> Seen:
        """See how a part is."""
        known = self.ledger.find(part.name)
        running = known if known and processes.alive(known) else None
        return Seen(part.name, running, running is not None and await healthy(part.probes), known is not None)

    async def up(self, items: Sequence[Part | Step], report: Report) -> None:
        """Bring everything up; what is well is left alone, what is dead or sick is started anew.

        Raises: PartFailed or another SandboxError, the first that happened; the other parts stay as they are.
        """
        done = {item.name: asyncio.Event() for item in items}

        async def bring(item: Part | Step) -> None:
            for name in waits_for(item, items):
                await done[name].wait()
            try:
                await self._bring(item, report)
            except SandboxError:
                report(item.name, Phase.FAILED)
                raise
            done[item.name].set()

        try:
            async with asyncio.TaskGroup() as group:
                for item in items:
                    group.create_task(bring(item))
        except* SandboxError as failures:
            raise failures.exceptions[0] from None

    async def _bring(self, item: Part | Step, report: Report) -> None:
        if isinstance(item, Step):
            report(item.name, Phase.STARTING)
            await item.run()
        elif (await self.look(item)).well:
            report(item.name, Phase.KEPT)
            return
        else:
            report(item.name, Phase.STARTING)
            await self._start_patiently(item)
        report(item.name, Phase.WELL)

    async def _start_patiently(self, part: Part) -> None:
        for left in reversed(range(part.attempts)):
            await self._stop(part.name, everything=False)
            try:
                await self._start(part)
            except PartFailed:
                if not left:
                    raise
            else:
                return

    async def _start(self, part: Part) -> None:
        log = self.layout.log(part.name)
        try:
            process = processes.spawn(part.command, self._environment(part), log)
        except OSError as error:
            raise PartFailed(part.name, f"could not be started: {error}", log) from error
        self.ledger.record(part.name, process)
        deadline = time.monotonic() + part.patience
        while not await healthy(part.probes):
            if not processes.alive(process):
                raise PartFailed(part.name, "crashed", log)
            if time.monotonic() > deadline:
                raise PartFailed(part.name, f"did not become healthy in {part.patience:.0f} s", log)
            await asyncio.sleep(0.1)

    def _environment(self, part: Part) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        return inherited | dict(part.env) | {processes.MARK: self._mark(part.name)}

    async def down(self, after: Mapping[str, Sequence[str]], names: Sequence[str] = ()) -> list[str]:
        """Stop parts (all that were ever started, unless named), and all that they started. Returns their names."""
        stopped = [name for name in self.ledger.parts() if not names or name in names]
        for wave in stopping_order(stopped, after):
            await asyncio.gather(*(self._stop(name, everything=True) for name in wave))
        return stopped

    async def _stop(self, name: str, *, everything: bool) -> None:
        """Stop a part; with `everything`, also what it put into sessions of its own."""
        leader = self.ledger.find(name)
        found = processes.session(leader) if leader else set()
        if everything:
            found = processes.descendants(found | processes.marked(self._mark(name)))
        await processes.end(found)
        self.ledger.forget(name)

    def _mark(self, part: str) -> str:
        return f"{self.layout.state}:{part}"
