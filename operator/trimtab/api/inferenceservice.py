"""InferenceService: a stable endpoint over changing versions of one model."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from trimtab.api.common import ApiModel, Condition, Duration, ModelName, PositiveDuration, Reported, Semver
from trimtab.api.monitoring import ConceptMonitoring, DataMonitoring, DriftState, Finding, Monitoring, Window
from trimtab.api.promotion import GateState, Promotion, PromotionGate, Shadow
from trimtab.api.resources import ServingResources
from trimtab.api.route import Route
from trimtab.api.rules import LIST_SET, Hint, Rule, immutable, list_map, rules

__all__ = [
    "Budget",
    "ConceptMonitoring",
    "DataMonitoring",
    "Decision",
    "DriftState",
    "Finding",
    "GateState",
    "InferenceServiceSpec",
    "InferenceServiceStatus",
    "Monitoring",
    "Promotion",
    "PromotionGate",
    "Replicas",
    "Retraining",
    "ServedVersion",
    "Shadow",
    "ShadowState",
    "Window",
]

Cause = Literal["DataDrift", "ConceptDrift"]

VersionRange = Annotated[
    str,
    Field(pattern=r"^(\*|[\^~]?[0-9]+(\.[0-9]+){0,2})$", max_length=64),
    Hint("must be a semantic version range: ^1 (any 1.y.z), ~1.4 (any 1.4.z), * (any) or a version such as 1.4.2"),
]


class Replicas(ApiModel):
    """How many copies answer."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule("self.min <= self.max", "replicas.min must not exceed replicas.max (default 1): raise replicas.max")
        )
    )
    min: int = Field(default=1, ge=1, le=64, description="Fewest copies.")
    max: int = Field(default=1, ge=1, le=64, description="Most copies.")
    target_ongoing_requests: int = Field(
        default=8, ge=1, le=1024, description="Requests a copy works on at once before another is started."
    )


class Budget(ApiModel):
    """What retraining may cost."""

    runs: int = Field(default=5, ge=1, le=1000, description="Most runs within the period.")
    per: PositiveDuration = Field(default="7d", description="The period.")


def _all_causes() -> list[Cause]:
    return ["DataDrift", "ConceptDrift"]


class Retraining(ApiModel):
    """When drift starts a TrainingRun."""

    # Not `on` in YAML: to kubectl's YAML 1.1 that word, unquoted, is the boolean true.
    on: list[Cause] = Field(
        default_factory=_all_causes,
        alias="causes",
        min_length=1,
        max_length=2,
        description="Alarms that start a run.",
        json_schema_extra=LIST_SET,
    )
    consecutive_windows: int = Field(default=2, ge=1, le=1000, description="Windows in a row that must hold the alarm.")
    cooldown: Duration = Field(default="6h", description="Least time between the end of a retraining and the next.")
    budget: Budget = Field(default_factory=Budget, description="What retraining may cost.")
    suspend_after_failures: int = Field(
        default=3,
        ge=1,
        le=100,
        description="Runs in a row without a promoted version after which retraining stops by itself.",
    )
    approval: Literal["Automatic", "Manual"] = Field(
        default="Automatic", description="Manual makes the run suspended, for a person to release."
    )


class InferenceServiceSpec(ApiModel):
    """An endpoint, declared."""

    model_config = ConfigDict(
        json_schema_extra=rules(immutable("model", "create another InferenceService for another model"))
    )
    model: ModelName = Field(description="Model that is served.")
    version: VersionRange = Field(default="*", description="Semver range such as ^1, ~1.4, *, or an exact version.")
    replicas: Replicas = Field(default_factory=Replicas, description="How many copies answer.")
    resources: ServingResources = Field(
        default_factory=ServingResources,
        description="What each copy gets from engine kuberay; a change is a roll. Engine ray shares its cluster.",
    )
    shadow: Shadow = Field(default_factory=Shadow, description="How a candidate sees live traffic.")
    promotion: Promotion = Field(default_factory=Promotion, description="When a candidate takes over.")
    monitoring: Monitoring = Field(default_factory=Monitoring, description="What is watched.")
    retraining: Retraining | None = Field(
        default=None, description="When drift starts a TrainingRun; without it drift is only told."
    )
    route: Route | None = Field(
        default=None,
        description="How clients outside the cluster reach it; without it only those inside do. Engine kuberay only.",
    )
    suspend: bool = Field(default=False, description="Take the endpoint down; nothing is lost.")


class ServedVersion(Reported):
    """A version in place."""

    version: Semver = Field(description="Semantic version.")
    model_version: str = Field(max_length=253, description="Name of the ModelVersion.")
    since: datetime = Field(description="When it took this place.")


class ShadowState(ServedVersion):
    """The candidate and the evidence about it."""

    answering_since: datetime | None = Field(
        default=None, description="When the candidate first answered; promotion.deadline counts from here."
    )
    requests: int = Field(default=0, ge=0, description="Rows compared.")
    labelled: int = Field(default=0, ge=0, description="Rows compared with a label.")
    windows: int = Field(default=0, ge=0, description="Closed windows compared; promotion.maxWindows counts these.")
    gates: list[GateState] = Field(default_factory=list, max_length=8, description="What each gate sees.")


class Decision(Reported):
    """One thing the operator decided by itself."""

    time: datetime = Field(description="When.")
    action: Literal["Deployed", "Retrain", "Shadowed", "Promoted", "Rejected", "RolledBack"] = Field(
        description="What."
    )
    version: str | None = Field(default=None, max_length=64, description="Version it is about.")
    run: str | None = Field(default=None, max_length=253, description="TrainingRun it is about.")
    message: str = Field(default="", max_length=300, description="Why, with the numbers.")


class InferenceServiceStatus(Reported):
    """What the operator sees of the service."""

    observed_generation: int = Field(default=0, ge=-1, description="Generation this status speaks of; -1 before any.")
    conditions: list[Condition] = Field(
        default_factory=list,
        max_length=16,
        description="Facts about the service; docs/reference/conditions.md lists every reason.",
        json_schema_extra=list_map("type"),
    )
    url: str | None = Field(
        default=None, max_length=512, description="Base of the Open Inference Protocol v2 endpoint."
    )
    champion: ServedVersion | None = Field(default=None, description="The version that answers.")
    shadow: ShadowState | None = Field(default=None, description="The candidate that is compared.")
    drift: DriftState | None = Field(default=None, description="What the monitor says.")
    episode: int = Field(default=0, ge=0, description="Drift episodes so far; names the next TrainingRun.")
    decisions: list[Decision] = Field(
        default_factory=list, max_length=50, description="The last decisions, the newest last."
    )
