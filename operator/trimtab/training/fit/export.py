"""A fitted scikit-learn classifier as ONNX: one input per feature, `label` and `probabilities` out."""

from typing import Any

import numpy as np

from trimtab.api.modelversion import Signature, Tensor
from trimtab.api.reasons import TrainingReason
from trimtab.errors import Refuse
from trimtab.training.context import Classifier, Context

_OPSET = {"": 21, "ai.onnx.ml": 3}
_OUTPUTS = ("label", "probabilities")


def to_onnx(model: Classifier, context: Context) -> bytes:
    """Convert; the same fitted model gives the same bytes.

    Raises:
        Refuse: ExportFailed, with what cannot be converted.

    """
    _check(model)
    try:
        return _convert(_as_pipeline(model, context), context)
    except Exception as error:  # converters raise whatever they meet
        cause = " ".join(str(error).split())[:150]
        message = (
            f"{type(model).__name__} cannot be turned into ONNX ({type(error).__name__}: {cause}): "
            "return a fitted classifier that skl2onnx can convert"
        )
        raise Refuse(TrainingReason.EXPORT_FAILED, message) from error


def signature_of(context: Context) -> Signature:
    """What the exported model takes and gives, in the words of the Open Inference Protocol."""
    inputs = [
        Tensor(name=name, datatype="BYTES" if name in context.categorical else "FP32", shape=[-1, 1])
        for name in context.features
    ]
    label, probabilities = _OUTPUTS
    outputs = [
        Tensor(name=label, datatype="INT64", shape=[-1]),
        Tensor(name=probabilities, datatype="FP32", shape=[-1, 2]),
    ]
    return Signature(inputs=inputs, outputs=outputs)


def _check(model: Classifier) -> None:
    if not hasattr(model, "predict_proba"):
        message = f"the entrypoint returned {type(model).__name__}: return a fitted classifier with predict_proba"
        raise Refuse(TrainingReason.EXPORT_FAILED, message)
    classes = np.asarray(getattr(model, "classes_", []))
    if classes.tolist() != [0, 1]:
        message = f"the classifier's classes are {classes.tolist()}: fit it, on the target as it is given (0 and 1)"
        raise Refuse(TrainingReason.EXPORT_FAILED, message)


def _as_pipeline(model: Classifier, context: Context) -> Any:
    """A bare estimator takes one matrix; put the columns together for it."""
    from sklearn.compose import ColumnTransformer  # noqa: PLC0415  # seconds; only the step that trains pays them
    from sklearn.pipeline import Pipeline  # noqa: PLC0415  # the same

    if isinstance(model, Pipeline) and isinstance(model[0], ColumnTransformer):
        return model
    gather = ColumnTransformer([("all", "passthrough", list(context.features))])
    gather.fit(_one_row(context))
    return Pipeline([("columns", gather), ("model", model)])


def _one_row(context: Context) -> Any:
    import pandas as pd  # noqa: PLC0415  # seconds; only the step that trains pays them

    return pd.DataFrame({name: [""] if name in context.categorical else [0.0] for name in context.features})


def _convert(pipeline: Any, context: Context) -> bytes:
    from skl2onnx import to_onnx as convert  # noqa: PLC0415  # seconds; only the step that trains pays them
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType  # noqa: PLC0415  # the same

    kinds = {True: StringTensorType, False: FloatTensorType}
    types = [(name, kinds[name in context.categorical]([None, 1])) for name in context.features]
    options = {id(pipeline): {"zipmap": False}}
    proto = convert(pipeline, initial_types=types, options=options, target_opset=_OPSET, name="trimtab")
    given = tuple(output.name for output in proto.graph.output)
    if given != _OUTPUTS:
        raise ValueError(f"outputs are {given}")
    proto.opset_import.sort(key=lambda opset: opset.domain)  # the converter's order is that of a set
    content: bytes = proto.SerializeToString(deterministic=True)
    return content
