"""Who else is to look when an object changes: a change is seen where it matters, without anybody waiting for it."""

from collections.abc import Callable, Iterable

from trimtab.keys import Key, KubeObject

OfModel = Callable[[str, str, str], Iterable[KubeObject]]  # kind, namespace, model

_LOOKED_AT_BY = {
    "TrainingRun": "InferenceService",
    "ModelVersion": "InferenceService",
    "InferenceService": "ModelVersion",
}


def rung_by(changed: KubeObject, of_model: OfModel) -> set[Key]:
    """The object itself, and those of the same model whose decisions look at it.

    TrainingRun       ─► InferenceServices   what is under way, what drift asked for
    ModelVersion      ─► InferenceServices   what could be served
                      ─► the TrainingRun that waits to see it
    InferenceService  ─► ModelVersions       channel
    """
    model = str(changed.get("spec", {}).get("model"))
    others = of_model(_LOOKED_AT_BY[changed["kind"]], changed["metadata"]["namespace"], model)
    return {Key.of(changed), *map(Key.of, others), *_maker(changed)}


def _maker(changed: KubeObject) -> Iterable[Key]:
    lineage = changed.get("spec", {}).get("lineage") or {}
    run = lineage.get("trainingRun")
    return [Key("TrainingRun", changed["metadata"]["namespace"], run)] if run else []
