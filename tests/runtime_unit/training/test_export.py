"""An export answers as the model does, or there is no export."""

import numpy as np
import onnx
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder

from trimtab.errors import Refuse
from trimtab.training.fit.export import signature_of, to_onnx
from trimtab.training.judgement.columns import is_text
from trimtab.training.judgement.parity import ROWS, TOLERANCE, UNSEEN, probe, prove
from trimtab.training.judgement.scoring import Scorer

CODES = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, dtype=np.float32)
TREES = HistGradientBoostingClassifier(max_iter=10, random_state=0)


def on_all(encoder, estimator, numbers="passthrough"):
    return make_pipeline(make_column_transformer((encoder, ["carrier"]), (numbers, ["delay", "wind"])), estimator)


def filled(*more):
    return make_pipeline(SimpleImputer(), *more)


def proven(model, frame, columns, context):
    fitted = model.fit(frame[list(context.features)], frame["late"])
    mine = {name: columns[name] for name in context.features}
    return prove(fitted, Scorer(to_onnx(fitted, context)), mine, seed=1)


@pytest.mark.parametrize(
    "model",
    [
        on_all(CODES, TREES),
        on_all(OneHotEncoder(handle_unknown="ignore", sparse_output=False), TREES),
        on_all(TargetEncoder(random_state=0), TREES),
        on_all(OneHotEncoder(handle_unknown="ignore"), LogisticRegression(), filled(StandardScaler())),
        on_all(CODES, RandomForestClassifier(20, random_state=0), filled()),
    ],
    ids=["trees on codes", "trees on dummies", "trees on target codes", "logistic regression", "filled forest"],
)
def test_what_people_use_is_exported_exactly(model, frame, columns, context):
    assert proven(model, frame, columns, context) <= TOLERANCE


@pytest.mark.parametrize("model", [TREES, filled(StandardScaler(), LogisticRegression())], ids=["bare", "pipeline"])
def test_a_model_of_numbers_alone_needs_no_column_transformer(model, frame, columns, numbers_only):
    assert proven(model, frame, columns, numbers_only) <= TOLERANCE


def test_trees_that_learnt_without_gaps_are_exact_on_gaps_too(frame, columns, numbers_only):
    whole = {name: np.nan_to_num(columns[name]) for name in numbers_only.features}
    assert proven(TREES, frame.fillna({"wind": 0.0}), whole, numbers_only) <= TOLERANCE


@pytest.mark.parametrize(
    "model",
    [
        on_all(CODES, HistGradientBoostingClassifier(max_iter=10, categorical_features=[0], random_state=0)),
        on_all(CODES, RandomForestClassifier(20, random_state=0)),
    ],
    ids=["trees that split on categories by themselves", "a forest fitted on gaps"],
)
def test_an_export_that_is_silently_wrong_is_refused(model, frame, columns, context):
    with pytest.raises(Refuse, match=r"the export differs by up to [\d.]+ in \d+ of 3000 rows") as refused:
        proven(model, frame, columns, context)
    assert refused.value.reason == "ParityFailed"


@pytest.mark.parametrize(
    "model",
    [
        on_all(OneHotEncoder(), TREES),
        on_all(CODES, LogisticRegression(), StandardScaler()),
    ],
    ids=["unseen categories", "gaps"],
)
def test_a_model_that_cannot_take_what_requests_hold_is_refused_with_the_remedy(model, frame, columns, context):
    gapless = frame.fillna({"wind": 0.0})
    with pytest.raises(Refuse, match="impute inside the pipeline, and encode with handle_unknown") as refused:
        proven(model, gapless, columns, context)
    assert refused.value.reason == "ParityFailed"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (RidgeClassifier(), "return a fitted classifier with predict_proba"),
        (HistGradientBoostingClassifier(), r"classes are \[\]: fit it"),
        ("a text", "returned str"),
    ],
)
def test_what_is_no_fitted_classifier_is_refused(model, message, numbers_only, frame):
    if isinstance(model, RidgeClassifier):
        model.fit(frame[["delay"]], frame["late"])
    with pytest.raises(Refuse, match=message) as refused:
        to_onnx(model, numbers_only)
    assert refused.value.reason == "ExportFailed"


def test_classes_other_than_zero_and_one_are_refused(frame, numbers_only):
    model = TREES.fit(frame[["delay", "wind"]], frame["late"].map({0: "no", 1: "yes"}))
    with pytest.raises(Refuse, match=r"classes are \['no', 'yes'\]"):
        to_onnx(model, numbers_only)


def test_the_same_model_is_exported_to_the_same_bytes(frame, context):
    fitted = on_all(CODES, TREES).fit(frame[list(context.features)], frame["late"])
    first, second = to_onnx(fitted, context), to_onnx(fitted, context)
    assert first == second
    domains = [opset.domain for opset in onnx.load_from_string(first).opset_import]
    assert domains == sorted(domains)  # the converter's order is that of a set, another in each process


def test_the_rows_compared_hold_gaps_and_unseen_values_in_every_column(columns):
    rows = probe(columns, seed=1)
    assert ROWS >= 1000
    assert all(column.size == ROWS for column in rows.values())
    for name, column in rows.items():
        missing = column == "" if is_text(column) else np.isnan(column)
        before = columns[name] == "" if is_text(column) else np.isnan(columns[name])
        assert missing.mean() > before.mean()
    assert (rows["carrier"] == UNSEEN).sum() > ROWS / 10


def test_the_signature_is_in_the_words_of_the_protocol(context):
    signature = signature_of(context)
    assert [(tensor.name, tensor.datatype, tensor.shape) for tensor in signature.inputs] == [
        ("delay", "FP32", [-1, 1]),
        ("wind", "FP32", [-1, 1]),
        ("carrier", "BYTES", [-1, 1]),
    ]
    assert [(tensor.name, tensor.datatype, tensor.shape) for tensor in signature.outputs] == [
        ("label", "INT64", [-1]),
        ("probabilities", "FP32", [-1, 2]),
    ]
