import numpy as np
import pytest

from examples.flights.flights.data import CATEGORICAL, FEATURES, NUMERIC, TARGET
from examples.flights.flights.train import train
from tests.runtime_unit.flights.conftest import rows
from trimtab.training.context import Context

CONTEXT = Context(7, 1, TARGET, tuple(FEATURES), tuple(NUMERIC), tuple(CATEGORICAL))
FEW = {"max_iter": 5, "min_samples_leaf": 5}


@pytest.fixture
def known():
    return rows("2013-01-01", 10)


def test_the_same_seed_and_data_give_the_same_model(known):
    first, second = (train(known, FEW, CONTEXT).predict_proba(known[FEATURES]) for _ in range(2))
    assert np.array_equal(first, second)


def test_hyperparameters_reach_the_trees(known):
    assert train(known, {"max_iter": 3}, CONTEXT)[-1].n_iter_ == 3


def test_an_airport_never_seen_and_weather_not_known_are_answered(known):
    model = train(known, FEW, CONTEXT)
    strange = known[FEATURES].head(4).assign(dest="XXX", temp=np.float32("nan"))
    assert np.isfinite(model.predict_proba(strange)).all()
