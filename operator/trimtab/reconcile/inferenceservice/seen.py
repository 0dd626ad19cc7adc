"""What a pass over an InferenceService looks at.

InferenceService ──(namespace, name)──► application in the serving plane   `served`, and its monitor's `report`
    ├─ spec.model ─► ModelVersions of the model                            what could be served
    └─ spec.model ─► TrainingRuns of the model                             what is being made, and what drift asked for
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trimtab.api.inferenceservice import InferenceServiceSpec, InferenceServiceStatus
from trimtab.contract.serving import MonitorReport, Served
from trimtab.errors import TrimtabError
from trimtab.keys import Key, KubeObject
from trimtab.ports import World
from trimtab.reconcile import naming, reading
from trimtab.reconcile.outcome import Trouble
from trimtab.reconcile.reading import Head, Run, Version

KIND = "InferenceService"


@dataclass(frozen=True)
class Seen:
    """The service and all that matters to it."""

    head: Head
    status: InferenceServiceStatus
    spec: InferenceServiceSpec | None = None
    fault: str = ""
    versions: Sequence[Version] = ()
    runs: Sequence[Run] = ()
    next_episode: int = 1  # the first whose TrainingRun's name nobody has taken
    served: Served | None = None
    report: MonitorReport | None = None
    trouble: Trouble | None = None
    refusal: Trouble | None = None  # the API server did not let an object be made in this pass


async def observe(world: World, obj: KubeObject) -> Seen:
    """Look at everything, as if nothing were known."""
    head = reading.head_of(obj)
    spec, fault = reading.spec_of(InferenceServiceSpec, obj)
    status = reading.status_of(InferenceServiceStatus, obj)
    served, report, trouble = await _serving(world, head)
    if spec is None:
        return Seen(head, status, fault=fault, served=served, report=report, trouble=trouble)
    runs = reading.runs(await world.cluster.of_model("TrainingRun", head.namespace, spec.model))
    versions = await world.cluster.of_model("ModelVersion", head.namespace, spec.model)
    return Seen(
        head=head,
        status=status,
        spec=spec,
        versions=reading.versions(versions),
        runs=runs,
        next_episode=await _next_episode(world, head, status, runs),
        served=served,
        report=report,
        trouble=trouble,
    )


async def _next_episode(world: World, head: Head, status: InferenceServiceStatus, runs: Sequence[Run]) -> int:
    known = [naming.episode_of(head.name, run.head.name) for run in runs]
    episode = max([status.episode, *known]) + 1
    while await world.cluster.get(Key("TrainingRun", head.namespace, naming.drift_run(head.name, episode))):
        episode += 1
    return episode


async def _serving(world: World, head: Head) -> tuple[Served | None, MonitorReport | None, Trouble | None]:
    try:
        served = await world.serving.find(head.namespace, head.name)
        report = await world.serving.report(head.namespace, head.name) if served else None
    except TrimtabError as error:
        return None, None, Trouble("serving", error.message, error.reason)
    return served, report, None
