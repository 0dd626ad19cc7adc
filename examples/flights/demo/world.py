"""What the API server says of the loop, as a person with kubectl sees it; and whether replayed time may go on."""

from dataclasses import dataclass, field
from typing import Any

from trimtab.api.common import Condition
from trimtab.api.inferenceservice import Decision, InferenceServiceStatus
from trimtab.api.modelversion import ModelVersionSpec, ModelVersionStatus
from trimtab.api.trainingrun import TrainingRunSpec, TrainingRunStatus


@dataclass(frozen=True)
class Run:
    """A TrainingRun."""

    name: str
    spec: TrainingRunSpec
    status: TrainingRunStatus

    @property
    def failure(self) -> str | None:
        """Why it ended badly, if it did."""
        return next((f"{c.reason}: {c.message}" for c in self.status.conditions if c.type == "Stalled"), None)

    @property
    def finished(self) -> bool:
        """Whether it ended, well or badly."""
        return self.failure is not None or holds(self.status.conditions, "Ready")


@dataclass(frozen=True)
class Version:
    """A ModelVersion."""

    name: str
    spec: ModelVersionSpec
    status: ModelVersionStatus

    def is_candidate_after(self, champion: str | None) -> bool:
        """Whether it will be compared with the champion: newer, and refused by nothing so far."""
        newer = _numbers(self.spec.version) > _numbers(champion or "0.0.0")
        return newer and self.status.channel == "Candidate" and not self.spec.rejected


@dataclass(frozen=True)
class World:
    """All three kinds, at one look."""

    runs: list[Run] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    service: InferenceServiceStatus = field(default_factory=InferenceServiceStatus)

    @property
    def decisions(self) -> list[Decision]:
        """What the operator decided by itself, the newest last."""
        return self.service.decisions

    @property
    def champion(self) -> str | None:
        """The version that answers."""
        return self.service.champion.version if self.service.champion else None

    def version(self, number: str) -> Version | None:
        """The ModelVersion of that number."""
        return next((version for version in self.versions if version.spec.version == number), None)


def read(objects: dict[str, list[dict[str, Any]]]) -> World:
    """Make the world of the lists of `trainingruns`, `modelversions` and `inferenceservices` (at most one)."""
    runs = [
        Run(o["metadata"]["name"], TrainingRunSpec(**o["spec"]), TrainingRunStatus(**o.get("status", {})))
        for o in sorted(objects["trainingruns"], key=lambda o: o["metadata"]["creationTimestamp"])
    ]
    versions = [
        Version(o["metadata"]["name"], ModelVersionSpec(**o["spec"]), ModelVersionStatus(**o.get("status", {})))
        for o in objects["modelversions"]
    ]
    services = [InferenceServiceStatus(**o.get("status", {})) for o in objects["inferenceservices"]]
    return World(runs, versions, services[0] if services else InferenceServiceStatus())


def standing_still(world: World) -> str | None:
    """Why replayed time does not go on: a training or a loading, which take real seconds; None when it goes on."""
    training = next((run.name for run in world.runs if not run.finished), None)
    if training:
        return f"{training} is training"
    if not holds(world.service.conditions, "Ready"):
        return f"the endpoint is not ready ({said(world.service.conditions, 'Ready')})"
    loading = said(world.service.conditions, "ShadowHealthy").startswith(("CandidateNotLoaded", "Pending"))
    refused = {told.version for told in world.decisions if told.action == "Rejected"}
    newer = (version for version in world.versions if version.is_candidate_after(world.champion))
    waiting = [version.name for version in newer if version.spec.version not in refused]
    if world.service.shadow:
        return f"{world.service.shadow.version} is being loaded" if loading else None
    return f"{waiting[0]} waits to be loaded" if waiting else None


def trouble(world: World) -> str | None:
    """What will not mend by itself: the first training failed."""
    manual = (run for run in world.runs if run.spec.trigger.kind == "Manual")
    return next((f"TrainingRun {run.name} failed: {run.failure}" for run in manual if run.failure), None)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def holds(conditions: list[Condition], kind: str) -> bool:
    """Whether a condition is there and True."""
    return any(c.type == kind and c.status == "True" for c in conditions)


def said(conditions: list[Condition], kind: str) -> str:
    """Reason and message of a condition, or that it is not there."""
    return next((f"{c.reason}: {c.message}" for c in conditions if c.type == kind), "nothing is said yet")
