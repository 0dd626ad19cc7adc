"""The kinds as Kubernetes knows them: names, printer columns, and rules about an object's own name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from trimtab.api.inferenceservice import InferenceServiceSpec, InferenceServiceStatus
from trimtab.api.modelversion import ModelVersionSpec, ModelVersionStatus
from trimtab.api.rules import Rule
from trimtab.api.trainingrun import TrainingRunSpec, TrainingRunStatus


@dataclass(frozen=True)
class Column:
    """A column of `kubectl get`; priority 1 shows it only with `-o wide`."""

    name: str
    path: str
    type: str = "string"
    priority: int = 0

    def wire(self) -> dict[str, Any]:
        """Return the column as it stands in a CRD."""
        shown = {"name": self.name, "type": self.type, "jsonPath": self.path}
        return shown | ({"priority": self.priority} if self.priority else {})


@dataclass(frozen=True)
class Kind:
    """One kind of the group."""

    name: str
    plural: str
    short: str
    doc: str
    spec: type[BaseModel]
    status: type[BaseModel]
    columns: Sequence[Column]
    rules: Sequence[Rule] = field(default=())

    @property
    def singular(self) -> str:
        """The name in lower case."""
        return self.name.lower()


def _condition(kind: str, part: str) -> str:
    return f'.status.conditions[?(@.type=="{kind}")].{part}'


_READY = Column("Ready", _condition("Ready", "status"))
_AGE = Column("Age", ".metadata.creationTimestamp", "date")

TRAINING_RUN = Kind(
    name="TrainingRun",
    plural="trainingruns",
    short="trun",
    doc="TrainingRun is one execution of snapshot, validate, train, evaluate, register. Its spec never changes.",
    spec=TrainingRunSpec,
    status=TrainingRunStatus,
    columns=(
        Column("Model", ".spec.model"),
        Column("Version", ".status.version"),
        Column("Trigger", ".spec.trigger.kind"),
        _READY,
        Column("Reason", _condition("Ready", "reason")),
        Column("AUC", ".status.metrics.auc", "number"),
        Column("Message", _condition("Ready", "message"), priority=1),
        _AGE,
    ),
    rules=(
        Rule(
            "size(self.metadata.name) <= 50",
            "metadata.name must be at most 50 characters: it names the pipeline run, so shorten it",
            ".metadata.name",
        ),
    ),
)

MODEL_VERSION = Kind(
    name="ModelVersion",
    plural="modelversions",
    short="mver",
    doc="ModelVersion is one immutable, servable version of a model, with all that is needed to make it again.",
    spec=ModelVersionSpec,
    status=ModelVersionStatus,
    columns=(
        Column("Model", ".spec.model"),
        Column("Version", ".spec.version"),
        Column("Channel", ".status.channel"),
        _READY,
        Column("AUC", ".spec.metrics.auc", "number"),
        Column("Run", ".spec.lineage.trainingRun"),
        Column("Reason", _condition("Ready", "reason"), priority=1),
        _AGE,
    ),
    rules=(
        Rule(
            "self.metadata.name == self.spec.model + '-' + self.spec.version",
            "metadata.name must be spec.model-spec.version, e.g. flight-delay-1.4.2: rename the object",
            ".metadata.name",
        ),
    ),
)

INFERENCE_SERVICE = Kind(
    name="InferenceService",
    plural="inferenceservices",
    short="infsvc",
    doc="InferenceService is a stable endpoint over changing versions of one model.",
    spec=InferenceServiceSpec,
    status=InferenceServiceStatus,
    columns=(
        _READY,
        Column("Champion", ".status.champion.version"),
        Column("Shadow", ".status.shadow.version"),
        Column("Stable", _condition("Stable", "reason")),
        Column("Retrain", _condition("RetrainAllowed", "reason")),
        Column("URL", ".status.url", priority=1),
        Column("Message", _condition("Ready", "message"), priority=1),
        _AGE,
    ),
    rules=(
        Rule(
            "size(self.metadata.name) <= 40",
            "metadata.name must be at most 40 characters: the TrainingRuns it starts carry it in theirs, so shorten it",
            ".metadata.name",
        ),
        Rule(
            "!self.metadata.name.contains('.')",
            "metadata.name must not hold a dot: it is part of the endpoint's address, so use '-' instead",
            ".metadata.name",
        ),
    ),
)

KINDS = (TRAINING_RUN, MODEL_VERSION, INFERENCE_SERVICE)
