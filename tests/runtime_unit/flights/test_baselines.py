import pandas as pd

from examples.flights.demo import baselines
from examples.flights.flights.data import TIME
from tests.runtime_unit.flights.conftest import rows

FEW = {"max_iter": 5, "min_samples_leaf": 5}


def test_the_oracle_knows_only_days_whose_labels_are_due():
    known = baselines.known_by(rows("2013-02-01", 40), "2013-03")
    assert known[TIME].max() < pd.Timestamp("2013-02-28")
    assert known[TIME].max() >= pd.Timestamp("2013-02-27")


def test_the_oracle_has_a_model_for_each_month():
    found = baselines.oracle(rows("2013-02-01", 70), ["2013-03", "2013-04"], FEW, seed=1)
    assert list(found) == ["2013-03", "2013-04"]
    assert all(0 <= auc <= 1 for auc in found.values())
