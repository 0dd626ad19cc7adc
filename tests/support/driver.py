"""The loop over a world of fakes, stepped by hand."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from tests.support.fakes import FakeWorld
from tests.support.objects import NAMESPACE
from trimtab.api.reasons import ServiceReason, TrainingReason, VersionReason
from trimtab.keys import Key, KubeObject
from trimtab.reconcile.passes import run_pass

POLL = timedelta(seconds=1)
KINDS = ("TrainingRun", "ModelVersion", "InferenceService")


REASONS = {"TrainingRun": TrainingReason, "ModelVersion": VersionReason, "InferenceService": ServiceReason}
REPEATING = ("Ready", "Reconciling", "Stalled")  # say again what another condition says


def documented(kind: str, condition: dict[str, Any]) -> bool:
    """Whether the table of reasons knows this condition with this reason and this status."""
    known = {reason.value: reason for reason in REASONS[kind]}.get(condition["reason"])
    if known is None:
        return False
    if condition["type"] in known.on:
        return known.status == condition["status"]
    return condition["type"] in REPEATING


@dataclass
class Driver:
    """Runs passes over everything until nothing changes: what the loop does, without its time."""

    world: FakeWorld

    async def settle(self) -> None:
        """Pass over all objects until a whole round changes nothing anywhere."""
        for _ in range(20):
            before = self._done()
            await self.round()
            if self._done() == before:
                return
        raise AssertionError(f"never settles: {self.world.cluster.writes[-20:]}")

    def _done(self) -> tuple[int, ...]:
        world = self.world
        return len(world.cluster.writes), len(world.serving.applied), world.registry.calls, len(world.pipelines.states)

    async def round(self) -> None:
        for key in list(self.world.cluster.objects):
            await self.look(key)
        for obj in self.world.cluster.objects.values():
            undocumented = [c for c in obj.get("status", {}).get("conditions", []) if not documented(obj["kind"], c)]
            assert not undocumented, f"{obj['kind']}: {undocumented}"

    async def look(self, key: Key) -> timedelta | None:
        return await partial(run_pass, world=self.world.ports, poll=POLL)(key)

    def get(self, kind: str, name: str) -> KubeObject:
        return self.world.cluster.objects[Key(kind, NAMESPACE, name)]

    def names(self, kind: str) -> list[str]:
        return sorted(key.name for key in self.world.cluster.objects if key.kind == kind)

    def condition(self, kind: str, name: str, type_: str) -> dict[str, Any]:
        conditions = self.get(kind, name)["status"]["conditions"]
        return next((c for c in conditions if c["type"] == type_), {})

    def says(self, kind: str, name: str, type_: str) -> tuple[str, str]:
        found = self.condition(kind, name, type_)
        return found.get("status", "absent"), found.get("reason", "")
