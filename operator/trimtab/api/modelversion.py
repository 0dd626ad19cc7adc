"""ModelVersion: one immutable, servable version of a model, with all that is needed to make it again."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from trimtab.api.common import ApiModel, Condition, Digest, ModelName, Reported, Semver
from trimtab.api.rules import LIST_SET, Rule, immutable, list_map, rules

Channel = Literal["Candidate", "Shadow", "Champion", "Retired", "Rejected"]

FileUri = Annotated[
    str,
    Field(max_length=1024),
    Rule(
        "self.matches(r'^[a-z][a-z0-9+.-]*://.+')",
        "must be a URI with its scheme, e.g. file:///models/flight-delay.onnx or s3://bucket/model.onnx",
    ),
]
Name = Annotated[str, Field(max_length=63)]
TypeName = Annotated[str, Field(max_length=256)]


class Tensor(ApiModel):
    """One named input or output, in the words of the Open Inference Protocol."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule("self.shape.all(n, n == -1 || n >= 1)", "shape must hold lengths of at least 1, or -1 for any length")
        )
    )
    name: str = Field(max_length=128, description="Name of the tensor.")
    datatype: Literal["BOOL", "INT32", "INT64", "FP32", "FP64", "BYTES"] = Field(description="Element type.")
    shape: list[int] = Field(max_length=8, description="Shape; -1 is any length.")


class Signature(ApiModel):
    """What the model takes and gives."""

    inputs: list[Tensor] = Field(
        min_length=1,
        max_length=512,
        description="Tensors that a request must contain.",
        json_schema_extra=list_map("name"),
    )
    outputs: list[Tensor] = Field(
        min_length=1, max_length=16, description="Tensors that an answer contains.", json_schema_extra=list_map("name")
    )


class Artifact(ApiModel):
    """The model file."""

    uri: FileUri = Field(
        description=(
            "Where the file is: s3://bucket/model.onnx, or file:///absolute/path, which works on one machine only."
        )
    )
    digest: Digest = Field(description="SHA-256 of the file, checked before it is loaded.")
    format: Literal["onnx"] = Field(default="onnx", description="Format of the file.")


class ProfileRef(ApiModel):
    """The reference statistics that drift is measured against."""

    uri: FileUri = Field(description="Where the profile is.")
    digest: Digest = Field(description="SHA-256 of the profile.")


class DataLineage(ApiModel):
    """The data the version was trained on."""

    uri: str = Field(max_length=1024, description="Where it was read from.")
    revision: Digest = Field(description="Digest of the source at that time.")
    digest: Digest = Field(description="Digest of the snapshot.")
    version: Semver = Field(
        default="1.0.0",
        description=(
            "Version of the data: major when a column was removed or changed its type, minor when one was added, patch "
            "when only rows differ."
        ),
    )
    columns: dict[str, TypeName] = Field(default_factory=dict, max_length=4096, description="Column names and types.")
    newest: datetime | None = Field(default=None, description="Time of the newest row, when data.time is given.")


class Lineage(ApiModel):
    """Where the version comes from: enough to make it again."""

    training_run: str | None = Field(default=None, max_length=253, description="TrainingRun that made it.")
    training_run_uid: str | None = Field(
        default=None, max_length=64, description="Its uid; a new run of the same name has another."
    )
    training_spec: dict[str, Any] | None = Field(
        default=None, max_length=64, description="The complete spec of that run."
    )
    mlflow_run_id: str | None = Field(default=None, max_length=64, description="MLflow run.")
    mlflow_model: str | None = Field(
        default=None, max_length=320, description="Registered model in MLflow: namespace.model; empty: spec.model."
    )
    mlflow_version: int | None = Field(default=None, ge=0, description="Number in MLflow's registry.")
    pipeline_run: str | None = Field(default=None, max_length=253, description="Pipeline run.")
    data: DataLineage | None = Field(default=None, description="The data.")
    code_digest: Digest | None = Field(
        default=None,
        description="Digest of the training code: of trainer.source.path, else of the entrypoint's package.",
    )
    environment_digest: Digest | None = Field(default=None, description="Digest of the installed packages.")
    draw: Digest | None = Field(
        default=None,
        description="Digest of the rule that chose the held-out rows. Versions with the same digest have not learnt "
        "from each other's held-out rows. Not set with refit.",
    )
    parent: Semver | None = Field(default=None, description="The version that its number was derived from.")


_REQUIRED, _OPTIONAL = ("model", "version", "artifact", "signature"), ("profile", "lineage", "metrics")
_ANOTHER = "create a new ModelVersion with another version instead"


class ModelVersionSpec(ApiModel):
    """One version of a model. Never changes, but it may be rejected."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            *(immutable(field, _ANOTHER) for field in _REQUIRED),
            *(immutable(field, _ANOTHER, optional=True) for field in _OPTIONAL),
            Rule("self.rejected || !oldSelf.rejected", f"spec.rejected stays true once it is: {_ANOTHER}"),
        )
    )
    model: ModelName = Field(description="Name of the model.")
    version: Semver = Field(description="Semantic version.")
    artifact: Artifact = Field(description="The model file.")
    signature: Signature = Field(description="Inputs and outputs of the model.")
    profile: ProfileRef | None = Field(
        default=None, description="Reference statistics; without them nothing is monitored."
    )
    lineage: Lineage = Field(default_factory=Lineage, description="Where the version comes from.")
    metrics: dict[str, float] = Field(default_factory=dict, max_length=128, description="Metrics on the held-out rows.")
    rejected: bool = Field(
        default=False,
        description=(
            "Never served, kept for the record: a gate refused the version at training, or you set it to take the "
            "version out of service. A champion is then rolled back to the newest version below it that was in place "
            "before, or else to the newest below it that can be served. Cannot be unset."
        ),
    )


class ModelVersionStatus(Reported):
    """Where the version stands."""

    observed_generation: int = Field(
        default=0, ge=-1, description="Generation of the spec that this status is about; -1 before the first."
    )
    conditions: list[Condition] = Field(
        default_factory=list,
        max_length=16,
        description="Facts about the version; docs/reference/conditions.md lists every reason.",
        json_schema_extra=list_map("type"),
    )
    channel: Channel = Field(default="Candidate", description="Candidate, Shadow, Champion, Retired or Rejected.")
    services: list[Name] = Field(
        default_factory=list, max_length=64, description="Services that use it now.", json_schema_extra=LIST_SET
    )
