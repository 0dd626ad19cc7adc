"""The world at the ports, in memory: what the loop would see and do, counted."""

import copy
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from trimtab.contract.run import RunRequest, RunState
from trimtab.contract.serving import MonitorReport, Served, ServingPlan, VersionHealth
from trimtab.errors import Retry, Wait
from trimtab.keys import Key, KubeObject, RunKey
from trimtab.ports import World

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class FakeClock:
    """Time that stands still until it is told to go on."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def step(self, **span: float) -> None:
        self._now += timedelta(**span)


class FakeCluster:
    """Objects with uids, generations and resource versions; counts every write as the API server would see it."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._count = itertools.count(1)
        self.objects: dict[Key, KubeObject] = {}
        self.writes: list[str] = []
        self._applied: dict[str, set[str]] = {}
        self._theirs: dict[str, set[str]] = {}
        """Finalizers by uid, that our applies put on and that others did: an apply takes away none of theirs."""

    async def get(self, key: Key) -> KubeObject | None:
        return copy.deepcopy(self.objects.get(key))

    async def of_model(self, kind: str, namespace: str, model: str) -> list[KubeObject]:
        there = [o for key, o in self.objects.items() if (key.kind, key.namespace) == (kind, namespace)]
        return [copy.deepcopy(o) for o in there if o["spec"].get("model") == model]

    async def apply(self, obj: KubeObject) -> KubeObject:
        held = self._held(obj)
        self.writes.append(f"apply {obj['kind']}/{obj['metadata']['name']}")
        wanted, meta = obj["metadata"].get("finalizers", []), held["metadata"]
        dropped = self._applied.get(meta["uid"], set()) - set(wanted) - self._theirs[meta["uid"]]
        meta["finalizers"] = [*dict.fromkeys([*meta.get("finalizers", []), *wanted])]
        self._applied[meta["uid"]] = set(wanted)
        return self._without(held, dropped)

    async def apply_status(self, obj: KubeObject) -> KubeObject:
        held = self._held(obj)
        self.writes.append(f"status {obj['kind']}/{obj['metadata']['name']}")
        held["status"] = copy.deepcopy(obj["status"])
        return self._changed(held)

    async def create(self, obj: KubeObject) -> KubeObject | None:
        self.writes.append(f"create {obj['kind']}/{obj['metadata']['name']}")
        return None if Key.of(obj) in self.objects else self.add(obj)

    async def delete(self, key: Key, uid: str) -> None:
        self.writes.append(f"delete {key.kind}/{key.name}")
        if key in self.objects and self.objects[key]["metadata"]["uid"] == uid:
            self.remove(key)

    async def release(self, obj: KubeObject) -> KubeObject:
        held = self._held(obj)
        self.writes.append(f"release {obj['kind']}/{obj['metadata']['name']}")
        return self._without(held, set(held["metadata"]["finalizers"]) - set(obj["metadata"]["finalizers"]))

    # What users do; not counted.

    def add(self, obj: KubeObject) -> KubeObject:
        held = copy.deepcopy(obj)
        meta = held["metadata"]
        meta.setdefault("uid", f"uid-{next(self._count)}")
        meta["generation"] = 1
        self._theirs[meta["uid"]] = set(meta.get("finalizers", ()))
        meta["creationTimestamp"] = self._clock.now().isoformat()
        self.objects[Key.of(held)] = held
        return self._changed(held)

    def change(self, key: Key, **spec: Any) -> None:
        self.objects[key]["spec"].update(spec)
        self.objects[key]["metadata"]["generation"] += 1
        self._changed(self.objects[key])

    def remove(self, key: Key) -> None:
        self.objects[key]["metadata"].setdefault("deletionTimestamp", self._clock.now().isoformat())
        self._sweep(key)

    def _held(self, obj: KubeObject) -> KubeObject:
        held = self.objects.get(Key.of(obj))
        decided_on = [obj["metadata"][name] for name in ("uid", "resourceVersion")]
        if held is None or [held["metadata"][name] for name in ("uid", "resourceVersion")] != decided_on:
            raise Wait("Gone", "the object is gone, or is another one by now")
        return held

    def _without(self, held: KubeObject, finalizers: set[str]) -> KubeObject:
        meta = held["metadata"]
        meta["finalizers"] = [name for name in meta.get("finalizers", []) if name not in finalizers]
        self._sweep(Key.of(held))
        return self._changed(held)

    def _sweep(self, key: Key) -> None:
        meta = self.objects[key]["metadata"]
        if "deletionTimestamp" in meta and not meta.get("finalizers"):
            del self.objects[key]

    def _changed(self, held: KubeObject) -> KubeObject:
        held["metadata"]["resourceVersion"] = str(next(self._count))
        return copy.deepcopy(held)


class Fragile:
    """Base of what can be away: `down` makes every call fail as an outage does."""

    down = False
    reason = ""

    def _up(self) -> None:
        if self.down:
            raise Retry(self.reason, "it does not answer")


@dataclass
class FakePipelines(Fragile):
    """Runs by key; the test says how far each is."""

    reason = "EngineUnavailable"
    states: dict[RunKey, RunState] = field(default_factory=dict)
    requests: dict[RunKey, RunRequest] = field(default_factory=dict)
    cancelled: list[RunKey] = field(default_factory=list)

    async def find(self, key: RunKey) -> RunState | None:
        self._up()
        return self.states.get(key)

    async def start(self, key: RunKey, request: RunRequest) -> None:
        self._up()
        if key not in self.states:
            self.requests[key] = request
            self.states[key] = RunState(phase="Running", step="snapshot")

    async def cancel(self, key: RunKey) -> None:
        self._up()
        self.cancelled.append(key)


@dataclass
class FakeServing(Fragile):
    """Puts every plan in place at once; the test says what the monitor has seen."""

    reason = "ServingUnavailable"
    plans: dict[tuple[str, str], ServingPlan] = field(default_factory=dict)
    applied: list[ServingPlan] = field(default_factory=list)
    monitor: MonitorReport = field(default_factory=MonitorReport)
    phase: str = "Running"
    answers: bool = True
    told: dict[str, Any] = field(default_factory=dict)
    """What an engine tells beyond the phase: reason, message, whether what is in place is outdated."""

    async def find(self, namespace: str, name: str) -> Served | None:
        self._up()
        plan = self.plans.get((namespace, name))
        url = f"http://serve/{namespace}/{name}"
        return Served(plan=plan, phase=self.phase, url=url, **self.told) if plan else None

    async def apply(self, plan: ServingPlan) -> None:
        self._up()
        self.applied.append(plan)
        self.plans[plan.namespace, plan.name] = plan

    async def remove(self, namespace: str, name: str) -> None:
        self._up()
        self.plans.pop((namespace, name), None)

    async def report(self, namespace: str, name: str) -> MonitorReport | None:
        plan = self.plans.get((namespace, name))
        if plan is None or not self.answers:
            return None
        candidate = plan.candidate.version if plan.candidate else None
        loaded = {
            "champion": VersionHealth(version=plan.champion.version),
            "candidate": VersionHealth(version=candidate),
        }
        said = {name: getattr(self.monitor, name) for name in loaded if getattr(self.monitor, name) != VersionHealth()}
        return self.monitor.model_copy(update=loaded | said)


@dataclass
class FakeRegistry(Fragile):
    """Tags and aliases."""

    reason = "TrackingUnavailable"
    tags: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)
    aliases: dict[tuple[str, str], int] = field(default_factory=dict)
    calls: int = 0

    async def label(self, model: str, mlflow_version: int, tags: Mapping[str, str]) -> None:
        self._asked()
        self.tags.setdefault((model, mlflow_version), {}).update(tags)

    async def alias(self, model: str, alias: str, mlflow_version: int) -> None:
        self._asked()
        self.aliases[model, alias] = mlflow_version

    async def unalias(self, model: str, alias: str, mlflow_version: int) -> None:
        self._asked()
        if self.aliases.get((model, alias)) == mlflow_version:
            del self.aliases[model, alias]

    def _asked(self) -> None:
        self._up()
        self.calls += 1


@dataclass
class FakeArtifacts:
    """Every file is what its version says, but for those the test names."""

    digests: dict[str, str | None] = field(default_factory=dict)
    default: str | None = "sha256:" + "a" * 64

    async def digest(self, uri: str) -> str | None:
        return self.digests.get(uri, self.default)


@dataclass
class FakeRecorder:
    """Events as they were told."""

    events: list[tuple[str, str, str, str]] = field(default_factory=list)

    async def record(self, about: KubeObject, kind: str, reason: str, message: str) -> None:
        self.events.append((f"{about['kind']}/{about['metadata']['name']}", kind, reason, message))

    @property
    def reasons(self) -> list[str]:
        return [reason for _, _, reason, _ in self.events]


class FakeWorld:
    """All fakes together, and the loop's own view of them."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.cluster = FakeCluster(self.clock)
        self.pipelines = FakePipelines()
        self.serving = FakeServing()
        self.registry = FakeRegistry()
        self.artifacts = FakeArtifacts()
        self.recorder = FakeRecorder()

    @property
    def ports(self) -> World:
        return World(
            self.cluster,
            self.pipelines,
            self.serving,
            self.registry,
            self.artifacts,
            self.recorder,
            self.clock,
        )
