"""What a pass over a ModelVersion looks at.

ModelVersion ◄──(status.champion, status.shadow, status.decisions)── InferenceServices of its model
    ├─ the ModelVersions of its model: whether a successor can take an alias
    └─ spec.artifact.uri ─► the file's digest, until it was verified once; of a wrong file now and then
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trimtab.api.modelversion import ModelVersionSpec, ModelVersionStatus
from trimtab.api.reasons import VersionCondition as C
from trimtab.errors import TrimtabError
from trimtab.keys import KubeObject
from trimtab.ports import World
from trimtab.reconcile import conditions, reading
from trimtab.reconcile.modelversion import damaged
from trimtab.reconcile.outcome import Trouble
from trimtab.reconcile.reading import Head, Service

KIND = "ModelVersion"


@dataclass(frozen=True)
class Seen:
    """The version and who uses it."""

    head: Head
    status: ModelVersionStatus
    spec: ModelVersionSpec | None = None
    fault: str = ""
    services: Sequence[Service] = ()
    tracked: Mapping[str, str] = field(default_factory=dict)
    """The versions of the model that the registry knows, and the registered model that each belongs to there."""
    read: bool = True  # whether the file was read in this pass
    digest: str | None = None
    trouble: Trouble | None = None

    @property
    def verified(self) -> bool:
        """Whether the file was found to be the right one, now or before: spec and file never change."""
        known = conditions.is_true(self.status.conditions, C.ARTIFACT_VERIFIED)
        return known or (self.spec is not None and self.digest == self.spec.artifact.digest)


async def observe(world: World, obj: KubeObject) -> Seen:
    """Look at everything, as if nothing were known."""
    head = reading.head_of(obj)
    spec, fault = reading.spec_of(ModelVersionSpec, obj)
    seen = Seen(head=head, status=reading.status_of(ModelVersionStatus, obj), spec=spec, fault=fault)
    if spec is None or head.deleted is not None:
        return seen
    services = reading.services(await world.cluster.of_model("InferenceService", head.namespace, spec.model))
    tracked = _tracked(await world.cluster.of_model(KIND, head.namespace, spec.model))
    read = not seen.verified and damaged.is_read(seen.status, world.clock.now())
    digest, trouble = await _digest(world, spec.artifact.uri) if read else (None, None)
    return replace(seen, services=services, tracked=tracked, read=read, digest=digest, trouble=trouble)


def registered_model(spec: ModelVersionSpec) -> str:
    """The model's name in the registry; a version made before namespaces were told apart does not say one."""
    return spec.lineage.mlflow_model or spec.model


def _tracked(objects: Iterable[KubeObject]) -> dict[str, str]:
    versions = (v for v in reading.versions(objects) if v.spec.lineage.mlflow_version is not None)
    return {version.head.name: registered_model(version.spec) for version in versions}


async def _digest(world: World, uri: str) -> tuple[str | None, Trouble | None]:
    try:
        return await world.artifacts.digest(uri), None
    except TrimtabError as error:
        return None, Trouble("artifacts", error.message, error.reason)
