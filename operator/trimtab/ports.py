"""What the loop needs from the world, as narrow protocols; adapters and fakes pass the same contract suites."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from trimtab.contract.run import RunRequest, RunState
from trimtab.contract.serving import MonitorReport, Served, ServingPlan
from trimtab.keys import Key, KubeObject, RunKey

__all__ = [
    "Artifacts",
    "Clock",
    "Cluster",
    "Key",
    "KubeObject",
    "Pipelines",
    "Recorder",
    "Registry",
    "RunKey",
    "Serving",
    "World",
]


class Cluster(Protocol):
    """The Kubernetes API. Reads may come from a cache; writes are server-side applies by our field manager.

    A write to an object that is gone, or has another uid or a newer version by now, raises `Wait`; an API server that
    cannot be reached raises `Retry`. What a write returned is seen by the reads that follow it.
    """

    async def get(self, key: Key) -> KubeObject | None: ...
    async def of_model(self, kind: str, namespace: str, model: str) -> list[KubeObject]:
        """The objects of a kind whose `spec.model` is the model."""
        ...

    async def apply(self, obj: KubeObject) -> KubeObject: ...
    async def apply_status(self, obj: KubeObject) -> KubeObject: ...
    async def create(self, obj: KubeObject) -> KubeObject | None:
        """Create; None when an object of that name exists already."""
        ...

    async def delete(self, key: Key, uid: str) -> None:
        """Delete the object if it is still the one with this uid. Absent is success."""
        ...

    async def release(self, obj: KubeObject) -> KubeObject:
        """Leave the object the finalizers it names, and take all others off, whoever put them on."""
        ...


class Pipelines(Protocol):
    """Runs pipelines; a run is named by its key and never runs twice."""

    async def find(self, key: RunKey) -> RunState | None: ...
    async def start(self, key: RunKey, request: RunRequest) -> None: ...
    async def cancel(self, key: RunKey) -> None:
        """Stop the run if it runs; forget nothing. Absent is success."""
        ...


class Serving(Protocol):
    """Puts plans in place and reads what the serving plane reports."""

    async def find(self, namespace: str, name: str) -> Served | None: ...
    async def apply(self, plan: ServingPlan) -> None: ...
    async def remove(self, namespace: str, name: str) -> None:
        """Take the application away. Absent is success."""
        ...

    async def report(self, namespace: str, name: str) -> MonitorReport | None:
        """Ask the endpoint itself; None while it does not answer."""
        ...


class Registry(Protocol):
    """The model registry, as the place where people look."""

    async def label(self, model: str, mlflow_version: int, tags: Mapping[str, str]) -> None: ...
    async def alias(self, model: str, alias: str, mlflow_version: int) -> None: ...
    async def unalias(self, model: str, alias: str, mlflow_version: int) -> None:
        """Take the alias away if it still points at this version. Absent is success."""
        ...


class Artifacts(Protocol):
    """The files that versions are made of."""

    async def digest(self, uri: str) -> str | None:
        """`sha256:…` of the file; None when there is nothing to read."""
        ...


class Recorder(Protocol):
    """Tells people what happened, as Kubernetes Events."""

    async def record(self, about: KubeObject, kind: str, reason: str, message: str) -> None:
        """Record once; `kind` is Normal or Warning. What cannot be recorded is dropped."""
        ...


class Clock(Protocol):
    """Time, passed in."""

    def now(self) -> datetime: ...


@dataclass(frozen=True)
class World:
    """All the ports, together."""

    cluster: Cluster
    pipelines: Pipelines
    serving: Serving
    registry: Registry
    artifacts: Artifacts
    recorder: Recorder
    clock: Clock
