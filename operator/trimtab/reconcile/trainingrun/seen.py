"""What a pass over a TrainingRun looks at.

TrainingRun ──(name, uid, attempt)──► pipeline run        state
    │  └─(label training-run-uid)──► ModelVersion         among `versions`
    └─ spec.model ─► InferenceService.status              the champion to beat, and numbers that were given before
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trimtab.api.trainingrun import TrainingRunSpec, TrainingRunStatus
from trimtab.contract.run import Champion, RunState
from trimtab.errors import TrimtabError
from trimtab.keys import KubeObject
from trimtab.ports import World
from trimtab.reconcile import naming, reading
from trimtab.reconcile.outcome import Trouble
from trimtab.reconcile.reading import Head, Service, Version
from trimtab.reconcile.semver import Version as Number
from trimtab.reconcile.trainingrun import numbering

KIND = "TrainingRun"


@dataclass(frozen=True)
class Seen:
    """The run and all that matters to it."""

    head: Head
    status: TrainingRunStatus
    spec: TrainingRunSpec | None = None
    fault: str = ""
    state: RunState | None = None
    versions: Sequence[Version] = ()
    numbers: frozenset[Number] = frozenset()  # every version number of the model that was ever given
    champion: Champion | None = None
    trouble: Trouble | None = None
    refusal: Trouble | None = None  # the API server did not let an object be made in this pass

    @property
    def made(self) -> Version | None:
        """The ModelVersion this run made, if it did."""
        return next((v for v in self.versions if v.head.labels.get(naming.RUN_UID) == self.head.uid), None)


async def observe(world: World, obj: KubeObject) -> Seen:
    """Look at everything, as if nothing were known."""
    head = reading.head_of(obj)
    spec, fault = reading.spec_of(TrainingRunSpec, obj)
    status = reading.status_of(TrainingRunStatus, obj)
    if spec is None:
        return Seen(head, status, fault=fault)
    objects = await world.cluster.of_model("ModelVersion", head.namespace, spec.model)
    versions = reading.versions(objects)
    services = reading.services(await world.cluster.of_model("InferenceService", head.namespace, spec.model))
    state, trouble = await _state(world, head, status)
    return Seen(
        head=head,
        status=status,
        spec=spec,
        state=state,
        versions=versions,
        numbers=numbering.given(spec.model, objects, services),
        champion=_champion(spec, services, versions),
        trouble=trouble,
    )


async def _state(world: World, head: Head, status: TrainingRunStatus) -> tuple[RunState | None, Trouble | None]:
    if status.completion_time is not None or head.deleted is not None:
        return None, None
    try:
        return await world.pipelines.find(naming.pipeline_run(head, status.attempt)), None
    except TrimtabError as error:
        return None, Trouble("pipelines", error.message, error.reason)


def _champion(spec: TrainingRunSpec, services: Sequence[Service], versions: Sequence[Version]) -> Champion | None:
    """The version that serves the model now: that of the service which asked, else of the first by name."""
    asked = spec.trigger.evidence.service if spec.trigger.evidence else None
    serving = [s for s in services if s.status.champion]
    serving.sort(key=lambda s: (s.head.name != asked, s.head.name))
    names = [s.status.champion.model_version for s in serving if s.status.champion]
    by_name = {v.head.name: v for v in versions}
    best = next((by_name[name] for name in names if name in by_name), None)
    if best is None:
        return None
    lineage = best.spec.lineage
    read_until = lineage.data.newest if lineage.data else None
    return Champion(version=best.spec.version, artifact=best.spec.artifact, learnt_until=read_until, draw=lineage.draw)
