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
    min: int = Field(default=1, ge=1, le=64, description="Smallest number of replicas.")
    max: int = Field(
        default=1, ge=1, le=64, description="Largest number of replicas; engine kuberay keeps a pod for each."
    )
    target_ongoing_requests: int = Field(
        default=8, ge=1, le=1024, description="Requests that a replica handles at once before another one is started."
    )


class Budget(ApiModel):
    """What retraining may cost."""

    runs: int = Field(default=5, ge=1, le=1000, description="Largest number of runs within the period.")
    per: PositiveDuration = Field(default="7d", description="Length of the period.")


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
    consecutive_windows: int = Field(
        default=2, ge=1, le=1000, description="Number of windows in a row that must show the drift."
    )
    cooldown: Duration = Field(
        default="6h", description="Shortest time from the end of a retraining, or from its being declined, to the next."
    )
    budget: Budget = Field(default_factory=Budget, description="Limit on the number of runs.")
    suspend_after_failures: int = Field(
        default=3,
        ge=1,
        le=100,
        description="Number of runs in a row that bring no promoted version, after which retraining stops.",
    )
    approval: Literal["Automatic", "Manual"] = Field(
        default="Automatic",
        description="Manual: the run is created suspended, and waits until somebody sets its spec.suspend to false.",
    )


class InferenceServiceSpec(ApiModel):
    """An endpoint, declared."""

    model_config = ConfigDict(
        json_schema_extra=rules(immutable("model", "create another InferenceService for another model"))
    )
    model: ModelName = Field(description="Model that is served.")
    version: VersionRange = Field(default="*", description="Semver range such as ^1, ~1.4, *, or an exact version.")
    replicas: Replicas = Field(default_factory=Replicas, description="Number of replicas.")
    resources: ServingResources = Field(
        default_factory=ServingResources,
        description=(
            "Resources of each replica, engine kuberay; a change rolls the Ray cluster. With engine ray, services "
            "share one."
        ),
    )
    shadow: Shadow = Field(default_factory=Shadow, description="How a candidate is sent live traffic.")
    promotion: Promotion = Field(default_factory=Promotion, description="When a candidate becomes champion.")
    monitoring: Monitoring = Field(default_factory=Monitoring, description="What is monitored.")
    retraining: Retraining | None = Field(
        default=None, description="When drift starts a TrainingRun. Without it, drift is reported but starts nothing."
    )
    route: Route | None = Field(
        default=None,
        description=(
            "How clients outside the cluster reach the endpoint; without it, only those inside do. Engine kuberay "
            "only. It publishes /v2; feedback only where the route says so."
        ),
    )
    suspend: bool = Field(default=False, description="Take the endpoint down; nothing is lost.")


class ServedVersion(Reported):
    """A version in place."""

    version: Semver = Field(description="Semantic version.")
    model_version: str = Field(max_length=253, description="Name of the ModelVersion.")
    since: datetime = Field(description="Since when it has had this role.")


class ShadowState(ServedVersion):
    """The candidate and the evidence about it."""

    answering_since: datetime | None = Field(
        default=None,
        description=(
            "When the candidate first answered; promotion.deadline counts from here, and from since until it answers."
        ),
    )
    requests: int = Field(default=0, ge=0, description="Rows compared.")
    labelled: int = Field(default=0, ge=0, description="Rows compared with a label.")
    windows: int = Field(default=0, ge=0, description="Closed windows compared; promotion.maxWindows counts these.")
    gates: list[GateState] = Field(default_factory=list, max_length=8, description="State of each gate.")


class Decision(Reported):
    """One thing the operator decided by itself."""

    time: datetime = Field(description="When it was decided.")
    action: Literal["Deployed", "Retrain", "Shadowed", "Promoted", "Rejected"] = Field(description="What was decided.")
    version: str | None = Field(default=None, max_length=64, description="Version it is about.")
    run: str | None = Field(default=None, max_length=253, description="TrainingRun it is about.")
    message: str = Field(default="", max_length=300, description="Why, with the numbers.")
    here_only: bool | None = Field(
        default=None,
        description=(
            "True for a rejection that bars the version in this service only: for lack of evidence, or for what "
            "stands elsewhere."
        ),
    )


class InferenceServiceStatus(Reported):
    """What the operator sees of the service."""

    observed_generation: int = Field(
        default=0, ge=-1, description="Generation of the spec that this status is about; -1 before the first."
    )
    conditions: list[Condition] = Field(
        default_factory=list,
        max_length=16,
        description="Facts about the service; docs/reference/conditions.md lists every reason.",
        json_schema_extra=list_map("type"),
    )
    url: str | None = Field(
        default=None,
        max_length=512,
        description="Base URL of the Open Inference Protocol v2 endpoint, for clients inside the cluster.",
    )
    champion: ServedVersion | None = Field(default=None, description="The version that answers.")
    shadow: ShadowState | None = Field(default=None, description="The candidate, and the comparison so far.")
    drift: DriftState | None = Field(default=None, description="What the monitor reports.")
    episode: int = Field(
        default=0, ge=0, description="Number of drift episodes so far; part of the next TrainingRun's name."
    )
    decisions: list[Decision] = Field(
        default_factory=list, max_length=50, description="The most recent decisions, oldest first."
    )
