"""InferenceService: a stable endpoint over changing versions of one model."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from trimtab.api.common import ApiModel, Condition, Duration, ModelName, PositiveDuration, Reported, Semver
from trimtab.api.rules import LIST_SET, Hint, Rule, immutable, list_map, rules

Cause = Literal["DataDrift", "ConceptDrift"]

VersionRange = Annotated[
    str,
    Field(pattern=r"^(\*|[\^~]?[0-9]+(\.[0-9]+){0,2})$", max_length=64),
    Hint("must be a semantic version range: ^1 (any 1.y.z), ~1.4 (any 1.4.z), * (any) or a version such as 1.4.2"),
]
ParameterName = Annotated[
    str,
    Field(pattern=r"^[A-Za-z_]\w*$", max_length=64),
    Hint("must be the name of a request parameter: letters, digits and _, e.g. day"),
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


class Shadow(ApiModel):
    """How a candidate sees live traffic."""

    percent: int = Field(default=100, ge=1, le=100, description="Share of the requests that the candidate sees.")
    timeout: PositiveDuration = Field(
        default="2s", description="Longest time the candidate may take; later answers are dropped and counted."
    )
    max_queue: int = Field(
        default=1024,
        ge=1,
        le=65536,
        description="Most requests that wait for the candidate; more are dropped and counted.",
    )


def _only(metric: str, field: str, example: str) -> Rule:
    return Rule(
        f"(self.metric == '{metric}') == has(self.{field})",
        f"gates: {field} belongs to metric {metric}, which needs it: e.g. {{metric: {metric}, {field}: {example}}}",
    )


class PromotionGate(ApiModel):
    """A comparison of candidate and champion on the same requests, that may be looked at at any time."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            _only("loss", "margin", "0.0"),
            _only("disagreement", "max", "0.2"),
            _only("errors", "maxIncrease", "0.001"),
        )
    )
    metric: Literal["loss", "errors", "disagreement"] = Field(
        description="loss needs labels; errors and disagreement do not."
    )
    margin: float | None = Field(default=None, ge=0, description="loss: how much worse is still as good.")
    max: float | None = Field(default=None, ge=0, le=1, description="disagreement: greatest share of differing labels.")
    max_increase: float | None = Field(
        default=None, ge=0, le=1, description="errors: greatest increase of the error rate."
    )


def _default_gates() -> list[PromotionGate]:
    return [PromotionGate(metric="errors", max_increase=0.001), PromotionGate(metric="loss", margin=0.0)]


class Promotion(ApiModel):
    """When a candidate takes over."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule("size(self.gates) > 0", "promotion.gates must not be empty: leave it out for errors and loss")
        )
    )
    gates: list[PromotionGate] = Field(
        default_factory=_default_gates,
        max_length=8,
        description="Every gate must pass.",
        json_schema_extra=list_map("metric"),
    )
    min_requests: int = Field(default=1000, ge=1, le=100000000, description="Requests the candidate must have seen.")
    on_no_data: Literal["Wait", "Fail"] = Field(
        default="Wait", description="At the deadline without enough evidence: go on waiting, or reject."
    )
    deadline: PositiveDuration = Field(
        default="7d", description="Then the better of the two by what is known takes the place."
    )
    error_rate: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="Chance that an early verdict is wrong, over the whole life of the comparison.",
    )


class Window(ApiModel):
    """The block of rows that depend on one another and count as one observation; exactly one of the three."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "[has(self.parameter), has(self.rows), has(self.duration)].filter(given, given).size() == 1",
                "monitoring.window needs exactly one of parameter, rows and duration: e.g. {rows: 1000}",
            )
        )
    )
    parameter: ParameterName | None = Field(
        default=None, description="Requests with the same value of this request parameter, in ascending order."
    )
    rows: int | None = Field(default=None, ge=50, le=10000000, description="So many rows.")
    duration: PositiveDuration | None = Field(default=None, description="The rows of so much time, by arrival.")


class DataMonitoring(ApiModel):
    """Drift of the inputs."""

    tolerance: float = Field(
        default=0.1,
        ge=0,
        lt=1,
        description=(
            "Change of a share (of a category, of missing values, below a reference decile) "
            "that is not worth acting on."
        ),
    )


class ConceptMonitoring(ApiModel):
    """Drift of what the inputs mean; needs labels."""

    loss_tolerance: float = Field(default=0.02, ge=0, description="Rise of the log loss that is not worth acting on.")
    calibration_tolerance: float = Field(
        default=0.02, ge=0, lt=1, description="Gap between promised and seen rate that is not worth acting on."
    )


class Monitoring(ApiModel):
    """What is watched, and how sure an alarm is."""

    window: Window = Field(default_factory=lambda: Window(rows=1000), description="What counts as one observation.")
    false_alarm_rate: float = Field(
        default=0.01,
        gt=0,
        lt=1,
        description="Chance of any false alarm over the life of a version's monitor, not per look.",
    )
    data: DataMonitoring | None = Field(default_factory=DataMonitoring, description="Drift of the inputs.")
    concept: ConceptMonitoring | None = Field(
        default_factory=ConceptMonitoring, description="Drift of the loss and of the calibration, from labels."
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
    shadow: Shadow = Field(default_factory=Shadow, description="How a candidate sees live traffic.")
    promotion: Promotion = Field(default_factory=Promotion, description="When a candidate takes over.")
    monitoring: Monitoring = Field(default_factory=Monitoring, description="What is watched.")
    retraining: Retraining | None = Field(
        default=None, description="When drift starts a TrainingRun; without it drift is only told."
    )
    suspend: bool = Field(default=False, description="Take the endpoint down; nothing is lost.")


class ServedVersion(Reported):
    """A version in place."""

    version: Semver = Field(description="Semantic version.")
    model_version: str = Field(max_length=253, description="Name of the ModelVersion.")
    since: datetime = Field(description="When it took this place.")


class GateState(Reported):
    """What a promotion gate sees now."""

    metric: str = Field(max_length=64, description="Metric compared.")
    verdict: Literal["Pass", "Fail", "Inconclusive"] = Field(description="What the evidence says so far.")
    estimate: float | None = Field(default=None, description="Estimate; for loss the candidate's gain per row.")
    low: float | None = Field(default=None, description="Lower end of the interval that holds at any time.")
    high: float | None = Field(default=None, description="Upper end.")


class ShadowState(ServedVersion):
    """The candidate and the evidence about it."""

    requests: int = Field(default=0, ge=0, description="Rows compared.")
    labelled: int = Field(default=0, ge=0, description="Rows compared with a label.")
    gates: list[GateState] = Field(default_factory=list, max_length=8, description="What each gate sees.")


class Finding(Reported):
    """One quantity that moved."""

    quantity: str = Field(max_length=160, description="Feature, loss or calibration.")
    reference: float = Field(description="What was promised at training.")
    live: float = Field(description="What is seen.")
    effect: float = Field(description="Distance beyond the reference's own uncertainty, in the quantity's unit.")


class DriftState(Reported):
    """What the monitor says of the champion."""

    verdict: Literal["Stable", "DataDrift", "ConceptDrift", "Unknown"] = Field(
        default="Unknown", description="The verdict after the last window."
    )
    windows: int = Field(default=0, ge=0, description="Windows judged for this version.")
    since: str | None = Field(default=None, max_length=64, description="Window in which the change probably began.")
    findings: list[Finding] = Field(default_factory=list, max_length=10, description="What moved, the strongest first.")


class Decision(Reported):
    """One thing the operator decided by itself."""

    time: datetime = Field(description="When.")
    action: Literal["Deployed", "Retrain", "Shadowed", "Promoted", "Rejected"] = Field(description="What.")
    version: str | None = Field(default=None, max_length=64, description="Version it is about.")
    run: str | None = Field(default=None, max_length=253, description="TrainingRun it is about.")
    message: str = Field(default="", max_length=300, description="Why, with the numbers.")


class InferenceServiceStatus(Reported):
    """What the operator sees of the service."""

    observed_generation: int = Field(default=0, ge=0, description="Generation this status speaks of.")
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
