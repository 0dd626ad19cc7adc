"""The ModelVersion a finished run makes."""

from trimtab.api.common import API_VERSION
from trimtab.api.modelversion import DataLineage, Lineage, ModelVersionSpec
from trimtab.api.trainingrun import TrainingRunSpec
from trimtab.contract.run import RunReport
from trimtab.keys import KubeObject
from trimtab.reconcile import naming
from trimtab.reconcile.trainingrun import numbering
from trimtab.reconcile.trainingrun.seen import Seen


def missing(report: RunReport) -> list[str]:
    """What a report of a finished run lacks to become a version."""
    needed = {"artifact": report.artifact, "signature": report.signature, "data": report.data}
    return [name for name, value in needed.items() if value is None]


def model_version(seen: Seen, spec: TrainingRunSpec, report: RunReport) -> KubeObject:
    """The object to create, with the next number; labelled with the run's uid, by which it is found again."""
    number = str(numbering.next_number(spec, report, seen.versions, seen.numbers))
    return {
        "apiVersion": API_VERSION,
        "kind": "ModelVersion",
        "metadata": {
            "namespace": seen.head.namespace,
            "name": naming.model_version(spec.model, number),
            "labels": {naming.MODEL: spec.model, naming.RUN_UID: seen.head.uid},
        },
        "spec": _spec(seen, spec, report, number).wire(),
    }


def _spec(seen: Seen, spec: TrainingRunSpec, report: RunReport, number: str) -> ModelVersionSpec:
    assert report.artifact is not None and report.signature is not None  # noqa: S101, PT018 - see `missing`
    return ModelVersionSpec(
        model=spec.model,
        version=number,
        artifact=report.artifact,
        signature=report.signature,
        profile=report.profile,
        metrics=report.legible_metrics,
        rejected=any(not gate.passed for gate in report.gates),
        lineage=_lineage(seen, spec, report),
    )


def _lineage(seen: Seen, spec: TrainingRunSpec, report: RunReport) -> Lineage:
    parent = numbering.parent(spec, seen.versions)
    pin = report.data
    return Lineage(
        training_run=seen.head.name,
        training_run_uid=seen.head.uid,
        training_spec=spec.wire(),
        mlflow_run_id=report.mlflow_run_id,
        mlflow_model=report.mlflow_model,
        mlflow_version=report.mlflow_version,
        pipeline_run=naming.pipeline_run(seen.head, seen.status.attempt).name,
        data=pin
        and DataLineage(
            uri=pin.uri,
            revision=pin.revision,
            digest=pin.digest,
            version=numbering.data_version(pin, seen.versions),
            columns=pin.columns,
            newest=pin.newest,
        ),
        code_digest=report.code_digest,
        environment_digest=report.environment_digest,
        draw=report.draw,
        parent=parent.spec.version if parent else None,
    )
