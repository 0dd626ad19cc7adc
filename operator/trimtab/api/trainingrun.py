"""TrainingRun: one execution of snapshot, validate, train, evaluate, register. Its spec never changes."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from trimtab.api.common import NAME_PATTERN, ApiModel, Condition, Digest, ModelName, Reported, Semver, Share
from trimtab.api.data import Data, Expectation, Holdout, TimeWindow
from trimtab.api.resources import Gpu, Memory
from trimtab.api.rules import Hint, Rule, immutable, list_map, rules

__all__ = [
    "Bump",
    "ChampionGate",
    "Data",
    "DataPin",
    "Evidence",
    "Expectation",
    "Gate",
    "GateResult",
    "Holdout",
    "Resources",
    "Source",
    "TimeWindow",
    "Trainer",
    "TrainingRunSpec",
    "TrainingRunStatus",
    "Trigger",
]

Bump = Literal["Auto", "Major", "Minor", "Patch"]

Folder = Annotated[
    str,
    Field(pattern=r"^/.+", max_length=1024),
    Hint("must be an absolute folder, e.g. /home/me/flights: the operator runs elsewhere"),
]
Entrypoint = Annotated[
    str,
    Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$", max_length=256),
    Hint("must be module:function, e.g. flights.train:train, without .py and without parentheses"),
]
Image = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][A-Za-z0-9._:/@-]*$", max_length=512),
    Hint("must be an image reference, e.g. registry.example/flights@sha256:…"),
]
QueueName = Annotated[
    str,
    Field(pattern=NAME_PATTERN, min_length=1, max_length=63),
    Hint("must be the name of a LocalQueue: lower-case letters, digits and '-'"),
]
Threads = Annotated[
    str,
    Field(pattern=r"^[0-9]+$", max_length=4),
    Hint('must be a whole number of threads in quotes, e.g. "2"'),
    Rule("self.matches('[1-9]')", 'must be at least "1"'),
]

TypeName = Annotated[str, Field(max_length=256)]


class Source(ApiModel):
    """Where the entrypoint's code is."""

    path: Folder = Field(description="Absolute folder that comes first on the import path.")


class Trainer(ApiModel):
    """The user's own training code."""

    entrypoint: Entrypoint = Field(
        description="module:function; def train(data, hyperparameters, context) -> a fitted scikit-learn classifier."
    )
    source: Source | None = Field(
        default=None,
        description="Where the code is; the code digest covers all of it. Default: it is installed in the runtime "
        "environment or the image, and the code digest covers the entrypoint's package or single module.",
    )
    image: Image | None = Field(
        default=None,
        description=(
            "Image with the code, built FROM the trainer's image; engines on a cluster only. Default: pipelines.image "
            "of the chart."
        ),
    )
    hyperparameters: dict[str, Any] = Field(
        default_factory=dict, max_length=128, description="Passed to the entrypoint unchanged."
    )
    seed: int = Field(default=0, ge=0, le=4294967295, description="Seed of every random choice.")


class Resources(ApiModel):
    """What the run may use."""

    cpu: Threads = Field(
        default="1",
        description="Threads that the training may use; on a cluster, the CPUs that its pod requests as well.",
    )
    memory: Memory | None = Field(
        default=None, description="Memory of the pod, 2Gi by default; engines on a cluster only."
    )
    gpu: Gpu | None = Field(default=None, description="GPUs; engines on a cluster only.")


class ChampionGate(ApiModel):
    """A comparison with the model that serves now, scored on the same rows."""

    tolerance: Share = Field(default=0.0, description="How much worse than the champion is still accepted.")


class Gate(ApiModel):
    """A condition on the held-out part. A failed gate registers the version as Rejected."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "has(self.min) || has(self.max) || has(self.champion)",
                "gate compares with nothing: add min, max or champion",
            ),
            Rule(
                "!has(self.min) || !has(self.max) || self.min <= self.max",
                "gate.min must not exceed gate.max: exchange them",
            ),
            Rule(
                "self.metric == 'logLoss' || [has(self.min) ? self.min : 0.0, has(self.max) ? self.max : 0.0]"
                ".all(limit, limit >= -1.0 && limit <= 1.0)",
                "gate.min and gate.max of this metric lie between 0 and 1: write 0.65 for 65 %",
            ),
            Rule(
                "!(self.metric in ['logLoss', 'brier']) || !has(self.min) || has(self.max) || has(self.champion)",
                "gate: logLoss and brier are better when lower: use max instead of min",
            ),
            Rule(
                "!(self.metric in ['auc', 'accuracy']) || !has(self.max) || has(self.min) || has(self.champion)",
                "gate: auc and accuracy are better when higher: use min instead of max",
            ),
        )
    )
    metric: Literal["auc", "logLoss", "brier", "accuracy", "calibrationGap"] = Field(
        description="Metric the gate looks at."
    )
    min: float | None = Field(default=None, description="Smallest value accepted.")
    max: float | None = Field(default=None, description="Largest value accepted.")
    champion: ChampionGate | None = Field(default=None, description="Compare with the champion on the same rows.")


class Evidence(ApiModel):
    """Why the operator made this run: the verdict it acted on."""

    service: str | None = Field(
        default=None, max_length=63, description="InferenceService whose monitor raised the alarm."
    )
    episode: int | None = Field(default=None, ge=0, description="Number of the drift episode of that service.")
    version: Semver | None = Field(default=None, description="Version that served when the alarm was raised.")
    reason: str | None = Field(default=None, max_length=64, description="DataDrift or ConceptDrift.")
    message: str | None = Field(default=None, max_length=300, description="What moved, and how far.")


class Trigger(ApiModel):
    """Who or what asked for this run."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "(self.kind == 'Drift') == has(self.evidence)",
                "trigger.evidence belongs to trigger.kind Drift, which the operator writes: leave trigger out",
            )
        )
    )
    kind: Literal["Manual", "Drift"] = Field(default="Manual", description="Manual for people, Drift for the operator.")
    evidence: Evidence | None = Field(default=None, description="Set by the operator when it creates the run.")


_ANOTHER = "create a new TrainingRun"


class TrainingRunSpec(ApiModel):
    """One training, declared. Never changes, save suspend, activeDeadlineSeconds and ttlSecondsAfterFinished."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            *(immutable(field, _ANOTHER) for field in ("model", "bump", "data", "trainer", "resources", "trigger")),
            immutable("gates", _ANOTHER, optional=True),
            immutable("queueName", _ANOTHER, optional=True),
            Rule(
                "!has(self.gates) || self.gates.all(gate, self.gates.exists_one(other, other == gate))",
                "gates must not hold the same gate twice: take one out",
            ),
        )
    )
    model: ModelName = Field(
        description=(
            "Name of the model: its versions become ModelVersions <model>-<version>, and versions of "
            "<namespace>.<model> in MLflow."
        )
    )
    bump: Bump = Field(default="Auto", description="Part of the version number to raise; Auto decides by rule.")
    data: Data = Field(description="What the model learns from.")
    trainer: Trainer = Field(description="The user's training code.")
    resources: Resources = Field(default_factory=Resources, description="What the run may use.")
    queue_name: QueueName | None = Field(
        default=None, description="Kueue LocalQueue that admits the run's pods; engines on a cluster only."
    )
    gates: list[Gate] = Field(
        default_factory=list,
        max_length=16,
        description=(
            "Conditions on the metrics of the held-out rows; if one fails, the version is registered as Rejected."
        ),
    )
    trigger: Trigger = Field(default_factory=Trigger, description="Who or what asked for this run.")
    suspend: bool = Field(
        default=False,
        description="true: do not start, or stop the run. false: start it, again from its first step.",
    )
    active_deadline_seconds: int = Field(
        default=86400,
        ge=1,
        le=2592000,
        description=(
            "Longest time the run may take, from when nothing holds it back (a queue, a node without room). Time in "
            "which the pipeline engine is away, or refuses the run for now, counts."
        ),
    )
    ttl_seconds_after_finished: int | None = Field(
        default=None,
        ge=0,
        le=31536000,
        description=(
            "Delete the object this long after it finished; default: never. Not for a run that is in Git: it would be "
            "created again, and train again."
        ),
    )


class DataPin(Reported):
    """The very data that was read."""

    uri: str = Field(max_length=1024, description="Where it was read from.")
    revision: Digest = Field(description="Digest of the source's files at that time.")
    digest: Digest = Field(description="Digest of the snapshot's content.")
    snapshot: str = Field(max_length=1024, description="Where the snapshot is kept.")
    rows: int = Field(ge=0, description="Rows in the snapshot.")
    columns: dict[str, TypeName] = Field(default_factory=dict, max_length=4096, description="Column names and types.")
    newest: datetime | None = Field(default=None, description="Time of the newest row, when data.time is given.")


class GateResult(Reported):
    """What a gate saw."""

    metric: str = Field(max_length=64, description="Metric the gate looked at.")
    passed: bool = Field(description="Whether the gate let the version pass.")
    value: float = Field(description="The candidate's value.")
    limit: float = Field(description="The limit that the value was compared with.")
    champion: float | None = Field(default=None, description="The champion's value on the same rows.")


class TrainingRunStatus(Reported):
    """What the operator saw of the run."""

    observed_generation: int = Field(
        default=0, ge=-1, description="Generation of the spec that this status is about; -1 before the first."
    )
    conditions: list[Condition] = Field(
        default_factory=list,
        max_length=16,
        description="Facts about the run; docs/reference/conditions.md lists every reason.",
        json_schema_extra=list_map("type"),
    )
    pipeline_run: str | None = Field(default=None, max_length=253, description="Name of the pipeline run.")
    attempt: int = Field(default=0, ge=0, description="Attempt the pipeline run belongs to, from 0.")
    interruptions: int = Field(default=0, ge=0, description="Attempts that were ended from outside.")
    mlflow_run_id: str | None = Field(default=None, max_length=64, description="MLflow run that tracked the training.")
    mlflow_version: int | None = Field(default=None, ge=0, description="Version number in MLflow's registry.")
    data: DataPin | None = Field(default=None, description="The data that was read.")
    metrics: dict[str, float] = Field(default_factory=dict, max_length=128, description="Metrics on the held-out rows.")
    gates: list[GateResult] = Field(default_factory=list, max_length=64, description="Result of each gate.")
    version: Semver | None = Field(default=None, description="Version the run produced.")
    model_version: str | None = Field(default=None, max_length=253, description="Name of the ModelVersion made.")
    start_time: datetime | None = Field(
        default=None, description="When the run began, or was first tried, after any wait in a queue."
    )
    completion_time: datetime | None = Field(
        default=None, description="When the run ended, whether or not it succeeded."
    )
