"""Which number a new version gets, and which its data gets: by rule, from what is there already.

MAJOR when the signature changed in a way a client can see, MINOR when code or hyperparameters changed, PATCH when only
the data changed. For data: MAJOR a column went or changed type, MINOR a column came, PATCH the rows changed.
"""

from collections.abc import Sequence

from trimtab.api.modelversion import DataLineage, Signature
from trimtab.api.trainingrun import DataPin, TrainingRunSpec
from trimtab.contract.run import RunReport
from trimtab.reconcile import naming
from trimtab.reconcile.reading import Version
from trimtab.reconcile.semver import FIRST
from trimtab.reconcile.semver import Version as Number


def newest(versions: Sequence[Version]) -> Version | None:
    """The version with the highest number, refused ones too: numbers are never given twice."""
    return max(versions, key=lambda v: Number.parse(v.spec.version), default=None)


def next_number(spec: TrainingRunSpec, report: RunReport, versions: Sequence[Version], taken: frozenset[str]) -> Number:
    """The number of the version that the report describes; skips numbers whose ModelVersion name is taken."""
    parent = newest(versions)
    if parent is None:
        number = FIRST
    else:
        part = change(spec, report, parent) if spec.bump == "Auto" else spec.bump
        number = Number.parse(parent.spec.version).raised(part)
    while naming.model_version(spec.model, str(number)) in taken:
        number = number.raised("Patch")
    return number


def change(spec: TrainingRunSpec, report: RunReport, parent: Version) -> str:
    """Major, Minor or Patch: how the new version differs from its parent."""
    if report.signature is None or _visible(report.signature) != _visible(parent.spec.signature):
        return "Major"
    if report.code_digest is None or report.code_digest != parent.spec.lineage.code_digest:
        return "Minor"
    return "Patch" if _recipe(spec.model_dump(by_alias=True)) == _recipe(parent.spec.lineage.training_spec) else "Minor"


def _visible(signature: Signature) -> object:
    """What a client sees: names, types and shapes; tensors go by name, so their order does not matter."""
    inputs = sorted((t.name, t.datatype, t.shape) for t in signature.inputs)
    outputs = sorted((t.name, t.datatype, t.shape) for t in signature.outputs)
    return inputs, outputs


def _recipe(spec: dict | None) -> object:  # type: ignore[type-arg]  # a spec as it stands on the wire
    trainer = (spec or {}).get("trainer", {})
    return trainer.get("entrypoint"), trainer.get("hyperparameters") or {}


def data_version(pin: DataPin, versions: Sequence[Version]) -> str:
    """The version of the data: counted from the newest version that was trained on the same source."""
    before = newest([v for v in versions if v.spec.lineage.data and v.spec.lineage.data.uri == pin.uri])
    known = before.spec.lineage.data if before else None
    if known is None:
        return str(FIRST)
    if known.digest == pin.digest:
        return known.version
    return str(Number.parse(known.version).raised(_data_change(known, pin)))


def _data_change(known: DataLineage, pin: DataPin) -> str:
    if any(pin.columns.get(name) != type_ for name, type_ in known.columns.items()):
        return "Major"
    return "Minor" if pin.columns.keys() - known.columns.keys() else "Patch"
