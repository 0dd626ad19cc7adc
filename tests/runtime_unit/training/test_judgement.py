"""Metrics and gates."""

import numpy as np
import pytest
from sklearn import metrics as reference

from trimtab.api.trainingrun import Gate
from trimtab.training.judgement.gates import Comparison, judge, passed
from trimtab.training.judgement.metrics import measure

METRICS = {"auc": 0.7, "logLoss": 0.5, "brier": 0.2, "accuracy": 0.8, "calibrationGap": -0.04}
BETTER = {"auc": 0.71, "logLoss": 0.49, "brier": 0.19, "accuracy": 0.81, "calibrationGap": 0.03}


@pytest.mark.parametrize("ties", [False, True])
def test_metrics_are_those_of_scikit_learn(ties):
    rng = np.random.default_rng(1)
    labels, probabilities = rng.integers(2, size=500), rng.random(500)
    if ties:
        probabilities = np.round(probabilities, 1)
    found = measure(labels, probabilities)
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    assert found == pytest.approx(
        {
            "auc": reference.roc_auc_score(labels, probabilities),
            "logLoss": reference.log_loss(labels, clipped),
            "brier": reference.brier_score_loss(labels, probabilities),
            "accuracy": reference.accuracy_score(labels, probabilities >= 0.5),
            "calibrationGap": labels.mean() - probabilities.mean(),
        }
    )


def verdicts(beside=None, **gate):
    comparison = None if beside is None else Comparison(METRICS, beside)
    return [result.passed for result in judge([Gate.model_validate(gate)], METRICS, comparison)]


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ({"metric": "auc", "min": 0.7}, [True]),
        ({"metric": "auc", "min": 0.71}, [False]),
        ({"metric": "brier", "max": 0.2}, [True]),
        ({"metric": "brier", "max": 0.19}, [False]),
        ({"metric": "auc", "min": 0.6, "max": 0.65}, [True, False]),
    ],
)
def test_a_bound_lets_pass_what_reaches_it(gate, expected):
    assert verdicts(**gate) == expected


def test_the_calibration_gap_counts_by_its_size():
    assert verdicts(metric="calibrationGap", max=0.03) == [False]


@pytest.mark.parametrize("metric", METRICS)
def test_worse_than_the_champion_is_refused_but_within_the_tolerance_it_passes(metric):
    assert verdicts(BETTER, metric=metric, champion={}) == [False]
    assert verdicts(BETTER, metric=metric, champion={"tolerance": 0.011}) == [True]


def test_a_champion_gate_shows_both_numbers_of_the_rows_they_share():
    gate = Gate.model_validate({"metric": "auc", "champion": {"tolerance": 0.02}})
    (result,) = judge([gate], METRICS, Comparison({**METRICS, "auc": 0.68}, BETTER))
    assert (result.value, result.champion, result.limit) == (0.68, 0.71, pytest.approx(0.69))
    assert not result.passed


def test_without_a_champion_there_is_nothing_to_compare_with():
    assert verdicts(metric="auc", champion={}) == []


def test_one_failed_gate_refuses_the_version():
    gates = [Gate.model_validate({"metric": "auc", "min": 0.6}), Gate.model_validate({"metric": "brier", "max": 0.1})]
    assert not passed(judge(gates, METRICS, None))
    assert passed(judge(gates[:1], METRICS, None))
