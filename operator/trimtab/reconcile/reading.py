"""From what the API server holds to typed values; an object that cannot be read is a value too, never an exception."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from trimtab.api.common import ApiModel
from trimtab.api.inferenceservice import InferenceServiceSpec, InferenceServiceStatus
from trimtab.api.modelversion import ModelVersionSpec, ModelVersionStatus
from trimtab.api.trainingrun import TrainingRunSpec, TrainingRunStatus
from trimtab.keys import KubeObject

Spec = TypeVar("Spec", bound=ApiModel)
Status = TypeVar("Status", bound=ApiModel)
_TIME = TypeAdapter(datetime)


@dataclass(frozen=True)
class Head:
    """What every decision needs to know of the object itself."""

    namespace: str
    name: str
    uid: str
    version: str
    """The resource version that is decided on: what is written says it, and is refused where there is a newer one."""
    generation: int
    created: datetime
    deleted: datetime | None = None
    finalizers: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Object(Generic[Spec, Status]):
    """An object whose spec could be read."""

    head: Head
    spec: Spec
    status: Status


Run = Object[TrainingRunSpec, TrainingRunStatus]
Version = Object[ModelVersionSpec, ModelVersionStatus]
Service = Object[InferenceServiceSpec, InferenceServiceStatus]


def head_of(obj: KubeObject) -> Head:
    """The metadata that decisions use."""
    meta = obj["metadata"]
    deleted = meta.get("deletionTimestamp")
    return Head(
        namespace=meta["namespace"],
        name=meta["name"],
        uid=meta["uid"],
        version=meta["resourceVersion"],
        generation=meta.get("generation", 0),
        created=_TIME.validate_python(meta["creationTimestamp"]),
        deleted=_TIME.validate_python(deleted) if deleted else None,
        finalizers=tuple(meta.get("finalizers", ())),
        labels=meta.get("labels", {}),
    )


def spec_of(model: type[Spec], obj: KubeObject) -> tuple[Spec | None, str]:
    """The spec, or None and the fault in words: the field, and what is wrong with it.

    The API server refuses fields that the kind has not; one that is unknown here is of a newer kind, and passed over.
    """
    try:
        return model.model_validate(obj.get("spec", {}), extra="ignore"), ""
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(["spec", *map(str, first["loc"])])
        return None, f"{place}: {first['msg']}"


def status_of(model: type[Status], obj: KubeObject) -> Status:
    """The status; an empty one when there is none that can be read."""
    try:
        return model.model_validate(obj.get("status") or {})
    except ValidationError:
        return model()


def runs(objects: Iterable[KubeObject]) -> list[Run]:
    """The TrainingRuns that can be read."""
    return _readable(objects, TrainingRunSpec, TrainingRunStatus)


def versions(objects: Iterable[KubeObject]) -> list[Version]:
    """The ModelVersions that can be read."""
    return _readable(objects, ModelVersionSpec, ModelVersionStatus)


def services(objects: Iterable[KubeObject]) -> list[Service]:
    """The InferenceServices that can be read."""
    return _readable(objects, InferenceServiceSpec, InferenceServiceStatus)


def _readable(objects: Iterable[KubeObject], spec: type[Spec], status: type[Status]) -> list[Object[Spec, Status]]:
    found = ((obj, spec_of(spec, obj)[0]) for obj in objects)
    return [Object(head_of(obj), read, status_of(status, obj)) for obj, read in found if read is not None]
