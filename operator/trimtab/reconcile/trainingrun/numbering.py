"""Which number a new version gets, and which its data gets: by rule, from what is there already.

MAJOR when the signature changed in a way a client can see, MINOR when code or hyperparameters changed, PATCH when only
the data changed. For data: MAJOR a column went or changed type, MINOR a column came, PATCH the rows changed.
"""

from collections.abc import Sequence
from itertools import chain

from trimtab.api.modelversion import DataLineage, Signature
from trimtab.api.trainingrun import DataPin, TrainingRunSpec
from trimtab.contract.run import RunReport
from trimtab.keys import KubeObject
from trimtab.reconcile.reading import Service, Version
from trimtab.reconcile.semver import FIRST
from trimtab.reconcile.semver import Version as Number


def given(model: str, objects: Sequence[KubeObject], services: Sequence[Service]) -> frozenset[Number]:
    """Every number that was ever given: by the ModelVersions there are, and, of those deleted, by what services recall.

    A number that is given twice would bring the place, or the refusal, of the one that had it before.
    """
    names = (obj["metadata"]["name"].removeprefix(f"{model}-") for obj in objects)
    specs = (str(obj["spec"].get("version")) for obj in objects)
    found = map(Number.found_in, chain(names, specs, *map(_recalled, services)))
    return frozenset(filter(None, found))


def _recalled(service: Service) -> list[str | None]:
    places = (service.status.champion, service.status.shadow)
    return [*(place.version for place in places if place), *(told.version for told in service.status.decisions)]


def parent(spec: TrainingRunSpec, versions: Sequence[Version]) -> Version | None:
    """The version the new one is compared with: the one whose training drift repeats, else the newest, refused or not.

    Of a repeated one that was deleted, the newest of its line. An experiment with a higher number is no parent of it.
    """
    repeated = _repeated(spec)

    def nearness(version: Version) -> tuple[bool, bool, Number]:
        number = Number.parse(version.spec.version)
        return number == repeated, repeated is not None and number.shares(repeated, "Minor"), number

    return max(versions, key=nearness, default=None)


def _repeated(spec: TrainingRunSpec) -> Number | None:
    """The version whose training this run repeats, if drift started it."""
    return Number.found_in(spec.trigger.evidence.version) if spec.trigger.evidence else None


def next_number(
    spec: TrainingRunSpec, report: RunReport, versions: Sequence[Version], numbers: frozenset[Number]
) -> Number:
    """The number of the version that the report describes: the next one in its line that was never given."""
    before = parent(spec, versions)
    if before is None:
        return max(numbers).raised("Major") if numbers else FIRST
    part = change(spec, report, before) if spec.bump == "Auto" else spec.bump
    start = _repeated(spec) or max(numbers)
    return max(number for number in (start, *numbers) if number.shares(start, part)).raised(part)


def change(spec: TrainingRunSpec, report: RunReport, before: Version) -> str:
    """Major, Minor or Patch: how the new version differs from its parent."""
    if report.signature is None or _visible(report.signature) != _visible(before.spec.signature):
        return "Major"
    if report.code_digest is None or report.code_digest != before.spec.lineage.code_digest:
        return "Minor"
    return "Patch" if _recipe(spec.model_dump(by_alias=True)) == _recipe(before.spec.lineage.training_spec) else "Minor"


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
    same = [v for v in versions if v.spec.lineage.data and v.spec.lineage.data.uri == pin.uri]
    before = max(same, key=lambda v: Number.parse(v.spec.version), default=None)
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
