"""What users may write: one training function that is right, and one for each way to go wrong."""

# ruff: noqa: ARG001  # the contract gives a training function three arguments, whatever it needs of them

import time
from pathlib import Path

from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder


class NamedByItsAuthor(DummyClassifier):
    """A classifier no converter knows."""


def sound(data, hyperparameters, context):
    encoded = make_column_transformer(
        (SimpleImputer(), list(context.numeric)),
        (OneHotEncoder(handle_unknown="ignore"), list(context.categorical)),
    )
    model = make_pipeline(encoded, LogisticRegression(C=hyperparameters.get("C", 1.0)))
    context.log_metric("rows_seen", len(data))
    return model.fit(data[list(context.features)], data[context.target])


def chatty(data, hyperparameters, context):
    import mlflow  # noqa: PLC0415  # seconds, which the other functions need not pay

    mlflow.log_params(hyperparameters)
    mlflow.log_param("rows", len(data))
    mlflow.log_metric("said_by_the_user", 42)
    return sound(data, hyperparameters, context)


def patient(data, hyperparameters, context):
    """Says that it began, then waits until it may go on."""
    Path(hyperparameters["began"]).touch()
    while not Path(hyperparameters["go_on"]).exists():
        time.sleep(0.05)
    return sound(data, {}, context)


def counted(data, hyperparameters, context):
    """Leaves a mark for each time that it is called."""
    with Path(hyperparameters["trainings"]).open("a") as marks:
        marks.write("x")
    return sound(data, {}, context)


def broken(data, hyperparameters, context):
    raise ZeroDivisionError(f"no rate can be had of {len(data)} rows")


def wrong_in_onnx(data, hyperparameters, context):
    """Trees that split on categories by themselves: the converter takes the split for one on numbers."""
    encoded = make_column_transformer(
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), list(context.categorical)),
        ("passthrough", list(context.numeric)),
    )
    trees = HistGradientBoostingClassifier(categorical_features=[0], min_samples_leaf=5, random_state=context.seed)
    return make_pipeline(encoded, trees).fit(data[list(context.features)], data[context.target])


def inexpressible(data, hyperparameters, context):
    return NamedByItsAuthor().fit(data[list(context.features)], data[context.target])
