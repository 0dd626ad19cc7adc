"""Who else is to look when an object changes: a change is seen where it matters, without anybody waiting for it."""

from collections.abc import Iterable, Mapping, Sequence

from trimtab.keys import Key, KubeObject

Objects = Mapping[str, Sequence[KubeObject]]  # by kind, of one namespace


def rung_by(changed: KubeObject, objects: Objects) -> set[Key]:
    """The object itself, and those of the same model whose decisions look at it.

    TrainingRun       ─► InferenceServices   what is under way, what drift asked for
    ModelVersion      ─► InferenceServices   what could be served
                      ─► the TrainingRun that waits to see it
    InferenceService  ─► ModelVersions       channel
    """
    kinds = {
        "TrainingRun": ("InferenceService",),
        "ModelVersion": ("InferenceService",),
        "InferenceService": ("ModelVersion",),
    }
    model = _model(changed)
    others = (obj for kind in kinds.get(changed["kind"], ()) for obj in objects.get(kind, ()))
    return {Key.of(changed), *_of_model(model, others), *_maker(changed)}


def _of_model(model: object, objects: Iterable[KubeObject]) -> Iterable[Key]:
    return [Key.of(obj) for obj in objects if _model(obj) == model]


def _maker(changed: KubeObject) -> Iterable[Key]:
    lineage = changed.get("spec", {}).get("lineage") or {}
    run = lineage.get("trainingRun")
    return [Key("TrainingRun", changed["metadata"]["namespace"], run)] if run else []


def _model(obj: KubeObject) -> object:
    return obj.get("spec", {}).get("model")
