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


_BLOCK = "one data.block of the champion's training"


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
        default=None,
        description=(
            "Requests with the same value of this request parameter; values come in ascending order, "
            f"and must not change within {_BLOCK}."
        ),
    )
    rows: int | None = Field(
        default=None,
        ge=50,
        le=10000000,
        description=f"Number of rows in a window; more, if they arrive within {_BLOCK}.",
    )
    duration: PositiveDuration | None = Field(
        default=None, description=f"Length of a window, by the time of arrival; at least {_BLOCK}."
    )


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
            "Who tests the inputs: Trimtab, by tolerances, or a detector of alibi-detect, which the serving image does "
            "not contain (docs/install.md says how to add it, and under which licence). Its p-values are not valid "
            "under repeated looks, so they are turned into a test that is, and falseAlarmRate holds. It has no "
            "tolerances, uses no more than 200 rows of a window, and takes each row as independent."
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
        default_factory=dict,
        max_length=4096,
        description=(
            "Tolerances of individual features, by name, where they differ; names that the champion's profile does not "
            "have are told by the condition Stable."
        ),
    )


class ConceptMonitoring(ApiModel):
    """Drift of what the inputs mean; needs labels."""

    loss_tolerance: float = Field(
        default=0.02, ge=0, description="Increase of the log loss that is not worth acting on, in nats per row."
    )
    calibration_tolerance: float = Field(
        default=0.02,
        ge=0,
        lt=1,
        description="Difference between predicted and observed rate that is not worth acting on.",
    )
    label_delay: PositiveDuration | None = Field(
        default=None,
        description=(
            "How long a window stays open for labels after its last row arrived; later labels are not counted. Set it "
            "to the time within which nearly all labels arrive, e.g. 7d, whenever one outcome becomes known sooner "
            "than the other (a default sooner than a repayment): otherwise only the quick labels are counted, and the "
            "loss is biased. Without it, a window closes when the first label of a later window arrives, which is "
            "right if all labels of a window arrive together."
        ),
    )


class Monitoring(ApiModel):
    """What is watched, and how sure an alarm is."""

    window: Window = Field(
        default_factory=lambda: Window(rows=1000), description="Block of rows that counts as one observation."
    )
    false_alarm_rate: OpenShare = Field(
        default=0.01,
        description="Probability of any false alarm in the whole life of a version, not per window.",
    )
    data: DataMonitoring | None = Field(default_factory=DataMonitoring, description="Drift of the inputs.")
    concept: ConceptMonitoring | None = Field(
        default_factory=ConceptMonitoring, description="Drift of the loss and of the calibration, from labels."
    )


class Finding(Reported):
    """One quantity that moved."""

    quantity: str = Field(max_length=160, description="Feature, loss or calibration.")
    reference: float = Field(description="Its value at training.")
    live: float = Field(description="Its value now.")
    effect: float = Field(description="Distance beyond the tolerance, in the quantity's unit.")
    distance: float | None = Field(
        default=None,
        description="How far the feature moved: Wasserstein in units of its scale, or Jensen-Shannon in bits.",
    )


class EstimatedMetric(Reported):
    """One metric, without labels."""

    metric: Literal["logLoss", "accuracy", "auc"] = Field(description="Name of the metric.")
    value: float = Field(description="Estimate from the scores of the window.")
    promised: float = Field(description="The metric on the rows held out at training.")
    standard_error: float = Field(ge=0, description="Standard error of the estimate, if the concept has not changed.")


class EstimatedPerformance(Reported):
    """How good the champion is by its scores alone: by how often a one was behind such a score at training.

    It assumes that only the inputs moved, so concept drift is not in it. It is told, and nothing is decided by it.
    """

    window: str = Field(max_length=64, description="The last closed window.")
    rows: int = Field(ge=1, description="Number of rows answered in it.")
    metrics: list[EstimatedMetric] = Field(max_length=8, description="The metrics that can be estimated for it.")


class LeftOut(Reported):
    """What the monitor could not count for this version, by reason; docs/use.md says what to do."""

    requests_without_window: int = Field(
        default=0,
        ge=0,
        description="Requests without the parameter of monitoring.window, or with a value that cannot name a window.",
    )
    late_rows: int = Field(default=0, ge=0, description="Rows that arrived after their window was closed.")
    untold_rows: int = Field(
        default=0, ge=0, description="Rows dropped by replicas because the monitor was unavailable or too slow."
    )
    forgotten_rows: int = Field(
        default=0,
        ge=0,
        description=(
            "Rows forgotten before their window was closed for labels: the monitor's memory was full, or no labels "
            "came for 30 days beyond concept.labelDelay. Not counted where no labels are sent at all."
        ),
    )
    repeated_ids: int = Field(
        default=0, ge=0, description="Requests whose id belongs to another request that still waits for labels."
    )
    late_labels: int = Field(
        default=0,
        ge=0,
        description="Labelled requests whose window was already closed for labels; see concept.labelDelay.",
    )
    unknown_labels: int = Field(default=0, ge=0, description="Labelled requests that the monitor does not know.")
    misfit_labels: int = Field(
        default=0, ge=0, description="Labelled requests whose number of labels differs from their number of rows."
    )


class DriftState(Reported):
    """What the monitor says of the champion."""

    verdict: Literal["Stable", "DataDrift", "ConceptDrift", "Unknown"] = Field(
        default="Unknown", description="The verdict after the last window."
    )
    windows: int = Field(default=0, ge=0, description="Number of windows tested for this version.")
    small_windows: int | None = Field(
        default=None,
        ge=0,
        description=(
            "Closed windows that were not judged, as they have fewer than 50 rows (with a label, if only the concept "
            "is watched): make spec.monitoring.window longer. Absent if there is none."
        ),
    )
    detector: str | None = Field(
        default=None, max_length=120, description="Who tests the inputs, if not trimtab: name, release, licence."
    )
    passed_over: int | None = Field(
        default=None,
        ge=0,
        description=(
            "Closed windows that the detector never tested, as they come faster than it answers: "
            "make spec.monitoring.window longer."
        ),
    )
    since: str | None = Field(default=None, max_length=64, description="Window in which the change probably began.")
    findings: list[Finding] = Field(
        default_factory=list, max_length=10, description="What changed, the largest effect first."
    )
    label_coverage: float | None = Field(
        default=None, description="Share of the rows of closed windows that have a label."
    )
    estimated_performance: EstimatedPerformance | None = Field(
        default=None,
        description=(
            "Performance of the champion estimated from its scores, without labels: for the time while labelCoverage "
            "is low. It assumes that the inputs changed and their relation to the label did not; it never starts a "
            "retraining. Present if the champion's training held out rows of at least eight blocks."
        ),
    )
    left_out: LeftOut | None = Field(
        default=None, description="What could not be counted, by reason; absent if nothing was left out."
    )
