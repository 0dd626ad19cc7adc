"""A pipeline run: what is asked of it, how far it is, what it found."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from trimtab.api.common import ApiModel, Digest, Reported, Semver
from trimtab.api.modelversion import Artifact, ProfileRef, Signature
from trimtab.api.trainingrun import DataPin, GateResult, TrainingRunSpec

Phase = Literal["Running", "Succeeded", "Failed"]
Step = Literal["snapshot", "validate", "train", "evaluate", "register"]


class Champion(ApiModel):
    """The version that serves now, to be scored on the same held-out rows."""

    version: Semver
    artifact: Artifact
    learnt_until: datetime | None = Field(
        default=None,
        description="Time of the newest row it read. Without the same draw it is compared on rows after that.",
    )
    draw: Digest | None = Field(
        default=None,
        description="What held rows out of it: of the same draw, it has learnt no row that the candidate held out.",
    )


class RunRequest(ApiModel):
    """All a pipeline needs to know. The same request always means the same run."""

    namespace: str
    training_run: str
    uid: str = Field(description="uid of the TrainingRun; the key of everything the run writes elsewhere.")
    spec: TrainingRunSpec
    champion: Champion | None = None

    @property
    def compared(self) -> Champion | None:
        """The champion, when a gate asks to be compared with it."""
        return self.champion if any(gate.champion is not None for gate in self.spec.gates) else None


class Failure(Reported):
    """Why a run ended badly, in words for a condition."""

    step: Step | None = None
    reason: str = Field(description="One of trimtab.api.reasons.TrainingReason.")
    message: str = Field(max_length=300)
    retryable: bool = Field(default=False, description="The cause may go away (service down, disk full).")


class Held(Reported):
    """Why a run that was started has not begun: something that passes, or that somebody can put right."""

    reason: str = Field(description="One of trimtab.api.reasons.TrainingReason.")
    message: str = Field(max_length=300)


class RunReport(Reported):
    """What a run found; grows step by step, so a failed run still tells what it knew."""

    data: DataPin | None = None
    data_valid: bool = False
    trained: bool = False
    metrics: dict[str, float] = Field(default_factory=dict)
    gates: list[GateResult] = Field(default_factory=list)
    mlflow_run_id: str | None = None
    mlflow_model: str | None = None
    mlflow_version: int | None = None
    artifact: Artifact | None = None
    profile: ProfileRef | None = None
    signature: Signature | None = None
    code_digest: Digest | None = None
    environment_digest: Digest | None = None
    draw: Digest | None = None

    @property
    def legible_metrics(self) -> dict[str, float]:
        """The metrics as people read them in an object, to four places; MLflow keeps them whole."""
        return {name: round(value, 4) for name, value in self.metrics.items()}


class RunState(Reported):
    """How far a run is."""

    phase: Phase
    step: Step | None = Field(default=None, description="The step that runs, or that failed.")
    held: Held | None = Field(default=None, description="There while the run waits for its first step.")
    failure: Failure | None = None
    report: RunReport = Field(default_factory=RunReport)
