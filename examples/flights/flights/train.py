"""The entrypoint named in the manifests: what a user of trimtab writes, and all of it."""

from typing import Any

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OrdinalEncoder

from trimtab.training.context import Context


def train(data: pd.DataFrame, hyperparameters: dict[str, Any], context: Context) -> Pipeline:
    """Fit gradient-boosted trees. Categories become plain codes, unseen ones −1: that exports to ONNX exactly."""
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, dtype="float32")
    columns = ColumnTransformer(
        [("numbers", "passthrough", list(context.numeric)), ("codes", codes, list(context.categorical))]
    )
    trees = HistGradientBoostingClassifier(early_stopping=False, random_state=context.seed, **hyperparameters)
    return make_pipeline(columns, trees).fit(data[list(context.features)], data[context.target])
