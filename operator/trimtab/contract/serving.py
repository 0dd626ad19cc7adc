"""The serving plane: what it shall serve, and what it reports.

While a release is rolled out, reports of its replicas and of the former ones are read by either operator: what is not
known in a report is passed over.
"""

from typing import Literal, Self

from pydantic import Field

from trimtab.api.common import ApiModel, Reported, Semver
from trimtab.api.inferenceservice import DriftState, GateState, Monitoring, Promotion, Replicas, Shadow
from trimtab.api.modelversion import Artifact, ProfileRef, Signature
from trimtab.api.resources import ServingResources
from trimtab.api.route import Route


class VersionRef(ApiModel):
    """A version to load."""

    model_version: str
    version: Semver
    artifact: Artifact
    signature: Signature
    profile: ProfileRef | None = None


class ServingPlan(ApiModel):
    """All a serving engine needs to know. The same plan always means the same deployment."""

    namespace: str
    name: str
    model: str
    champion: VersionRef
    candidate: VersionRef | None = None
    replicas: Replicas
    resources: ServingResources = Field(default_factory=ServingResources)
    route: Route | None = None
    shadow: Shadow
    promotion: Promotion
    monitoring: Monitoring


class RouteState(ApiModel):
    """What the Gateway says of a service's route."""

    accepted: bool | None = Field(default=None, description="None while it has said nothing.")
    message: str = ""


class Served(ApiModel):
    """What a serving engine has in place for a service."""

    plan: ServingPlan | None = Field(default=None, description="The plan it was last given.")
    phase: Literal["Deploying", "Rolling", "Running", "Failed"] = Field(
        description="Rolling: what serves is being replaced, and serves on until its successor does."
    )
    reason: str = Field(default="", description="One of trimtab.api.reasons, where more is known than the phase.")
    message: str = ""
    url: str = Field(description="Base of the OIP endpoint.")
    route: RouteState | None = Field(default=None, description="There where the plan's route is in place.")
    outdated: bool = Field(default=False, description="The engine would put this very plan in place otherwise now.")


class ComparisonReport(Reported):
    """The candidate against the champion, on the same requests."""

    version: Semver
    requests: int = 0
    labelled: int = 0
    windows: int = Field(default=0, description="Closed windows; labelled ones where a gate needs labels.")
    dropped: int = Field(default=0, description="Rows the candidate did not answer in time; they are not evidence.")
    gates: list[GateState] = Field(default_factory=list)
    better: bool | None = Field(default=None, description="Better as known now; None without evidence.")


class VersionHealth(Reported):
    """Whether a version is loaded and answers."""

    version: Semver | None = None
    error: str | None = Field(default=None, description="Why the version asked for could not be loaded.")


class Alarm(Reported):
    """Drift of the inputs, or of the outcomes."""

    drift: DriftState
    consecutive_windows: int = Field(default=0, description="Windows in a row, up to the last, that held the alarm.")


class MonitorReport(Reported):
    """What the monitor says, read by the operator."""

    champion: VersionHealth = Field(default_factory=VersionHealth)
    candidate: VersionHealth = Field(default_factory=VersionHealth)
    drift_version: Semver | None = Field(default=None, description="Version the drift verdict is about.")
    drift: DriftState = Field(default_factory=DriftState, description="The graver of what is known of both sides.")
    detector_error: str | None = Field(default=None, description="Why the detector that was chosen says nothing.")
    unknown_features: list[str] = Field(
        default_factory=list, description="What monitoring.data.tolerances names and the champion's profile does not."
    )
    consecutive_windows: int = Field(default=0, description="Windows in a row, up to the last, that held the alarm.")
    alarms: list[Alarm] = Field(default_factory=list, description="Each that is held, the graver first.")
    comparison: ComparisonReport | None = None

    @property
    def held(self) -> list[Alarm]:
        """The alarms, also of a monitor of an earlier release, which tells the graver one only."""
        return self.alarms or [Alarm(drift=self.drift, consecutive_windows=self.consecutive_windows)]

    def tested_by(self, detector: str | None, error: str | None) -> Self:
        """Say who tests the inputs, if not trimtab, and what keeps it from that."""
        drift = self.drift.model_copy(update={"detector": detector})
        return self.model_copy(update={"drift": drift, "detector_error": error})
