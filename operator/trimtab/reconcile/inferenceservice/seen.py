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
from trimtab.keys import KubeObject
from trimtab.ports import World
from trimtab.reconcile import reading
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
    run_names: frozenset[str] = frozenset()  # of all TrainingRuns in the namespace, readable or not
    served: Served | None = None
    report: MonitorReport | None = None
    trouble: Trouble | None = None


async def observe(world: World, obj: KubeObject) -> Seen:
    """Look at everything, as if nothing were known."""
    head = reading.head_of(obj)
    spec, fault = reading.spec_of(InferenceServiceSpec, obj)
    status = reading.status_of(InferenceServiceStatus, obj)
    served, report, trouble = await _serving(world, head)
    if spec is None:
        return Seen(head, status, fault=fault, served=served, report=report, trouble=trouble)
    objects = await world.cluster.list("TrainingRun", head.namespace)
    return Seen(
        head=head,
        status=status,
        spec=spec,
        versions=reading.versions(await world.cluster.list("ModelVersion", head.namespace), spec.model),
        runs=reading.runs(objects, spec.model),
        run_names=frozenset(o["metadata"]["name"] for o in objects),
        served=served,
        report=report,
        trouble=trouble,
    )


async def _serving(world: World, head: Head) -> tuple[Served | None, MonitorReport | None, Trouble | None]:
    try:
        served = await world.serving.find(head.namespace, head.name)
        report = await world.serving.report(head.namespace, head.name) if served else None
    except TrimtabError as error:
        return None, None, Trouble("serving", error.message, error.reason)
    return served, report, None
