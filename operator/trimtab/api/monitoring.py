"""What an InferenceService watches, and what its monitor says."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from trimtab.api.common import ApiModel, OpenShare, PositiveDuration, Reported
from trimtab.api.rules import Hint, Rule, rules

ParameterName = Annotated[
    str,
    Field(pattern=r"^[A-Za-z_]\w*$", max_length=64),
    Hint("must be the name of a request parameter: letters, digits and _, e.g. day"),
]


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


Tolerance = Annotated[float, Field(ge=0, lt=1)]


Detector = Literal[
    "Trimtab",
    "KSDrift",
    "ChiSquareDrift",
    "TabularDrift",
    "MMDDrift",
    "LSDDDrift",
    "MMDDriftOnline",
    "LSDDDriftOnline",
]


class DataMonitoring(ApiModel):
    """Drift of the inputs."""

    detector: Detector = Field(
        default="Trimtab",
        description=(
            "Who tests the inputs: trimtab, by tolerances, or a detector of alibi-detect, which the serving image does "
            "not have (docs/install.md says how to add it, and under which licence). Its p-values would cry wolf if "
            "looked at again and again, so they are bet against, and falseAlarmRate holds; it knows no tolerances, "
            "sees no more than 200 rows of a window, and takes each for an observation of its own."
        ),
    )

    tolerance: float = Field(
        default=0.1,
        ge=0,
        lt=1,
        description=(
            "Change of a share (of a category, of missing values, below a reference decile) "
            "that is not worth acting on."
        ),
    )
    tolerances: dict[str, Tolerance] = Field(
        default_factory=dict, max_length=4096, description="Tolerances of single features, by name, where they differ."
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
    false_alarm_rate: OpenShare = Field(
        default=0.01,
        description="Chance of any false alarm over the life of a version's monitor, not per look.",
    )
    data: DataMonitoring | None = Field(default_factory=DataMonitoring, description="Drift of the inputs.")
    concept: ConceptMonitoring | None = Field(
        default_factory=ConceptMonitoring, description="Drift of the loss and of the calibration, from labels."
    )


class Finding(Reported):
    """One quantity that moved."""

    quantity: str = Field(max_length=160, description="Feature, loss or calibration.")
    reference: float = Field(description="What was promised at training.")
    live: float = Field(description="What is seen.")
    effect: float = Field(description="Distance beyond the tolerance, in the quantity's unit.")
    distance: float | None = Field(
        default=None,
        description="How far the feature moved: Wasserstein in units of its scale, or Jensen-Shannon in bits.",
    )


class EstimatedMetric(Reported):
    """One metric, without labels."""

    metric: Literal["logLoss", "accuracy", "auc"] = Field(description="Of which metric.")
    value: float = Field(description="What the window's scores lead to expect.")
    promised: float = Field(description="The same, of the rows held out at training.")
    standard_error: float = Field(
        ge=0, description="How far what the labels would say lies from the value, if the concept has not moved."
    )


class EstimatedPerformance(Reported):
    """How good the champion is by its scores alone: by how often a one was behind such a score at training.

    It assumes that only the inputs moved, so concept drift is not in it. It is told, and nothing is decided by it.
    """

    window: str = Field(max_length=64, description="The last closed window.")
    rows: int = Field(ge=1, description="Its answered rows.")
    metrics: list[EstimatedMetric] = Field(max_length=8, description="Each metric that such a window has.")


class DriftState(Reported):
    """What the monitor says of the champion."""

    verdict: Literal["Stable", "DataDrift", "ConceptDrift", "Unknown"] = Field(
        default="Unknown", description="The verdict after the last window."
    )
    windows: int = Field(default=0, ge=0, description="Windows judged for this version.")
    detector: str | None = Field(
        default=None, max_length=120, description="Who tests the inputs, if not trimtab: name, release, licence."
    )
    since: str | None = Field(default=None, max_length=64, description="Window in which the change probably began.")
    findings: list[Finding] = Field(default_factory=list, max_length=10, description="What moved, the strongest first.")
    label_coverage: float | None = Field(default=None, description="Share of closed windows' rows with a label.")
    estimated_performance: EstimatedPerformance | None = Field(
        default=None,
        description=(
            "How good the champion is by its scores alone, without labels: what to look at while labelCoverage is low. "
            "It assumes that the inputs moved and their meaning did not; it never starts a retraining. "
            "There if the champion's training held out rows of at least eight blocks."
        ),
    )
