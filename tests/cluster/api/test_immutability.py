"""What may change after an object was created, and what the API server says when it may not."""

from pathlib import Path

import pytest
import yaml
from kubernetes import client

from tests.cluster.api.conftest import message_of

SAMPLES = Path(__file__).parents[3] / "crds" / "samples"


def sample(name):
    return yaml.safe_load((SAMPLES / f"{name}.yaml").read_text())


@pytest.fixture
def run(objects, namespace):
    return objects.create(sample("trainingrun-full"), namespace)


CHANGES = {
    "model": {"model": "other"},
    "bump": {"bump": "Major"},
    "data": {"data": {"holdout": {"fraction": 0.3}}},
    "trainer": {"trainer": {"hyperparameters": {"encoder": {"unknown": -2}}}},
    "resources": {"resources": {"cpu": "4"}},
    "gates": {"gates": [{"metric": "auc", "min": 0.5}]},
    "queueName": {"queueName": "other"},
    "trigger": {"trigger": {"kind": "Drift", "evidence": {"service": "mine"}}},
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_training_is_another_training(objects, run, field):
    with pytest.raises(client.ApiException) as refused:
        objects.change(run, **CHANGES[field])
    assert f"spec.{field} is immutable: create a new TrainingRun" in message_of(refused)


def test_a_gate_cannot_be_taken_away_from_a_run(objects, run):
    with pytest.raises(client.ApiException) as refused:
        objects.change(run, gates=None)
    assert "spec.gates is immutable: create a new TrainingRun" in message_of(refused)


def test_a_run_can_be_suspended_given_more_time_and_kept_longer(objects, run):
    changed = objects.change(run, suspend=True, activeDeadlineSeconds=7200, ttlSecondsAfterFinished=None)
    assert changed["spec"]["suspend"] is True
    assert "ttlSecondsAfterFinished" not in changed["spec"]


@pytest.mark.parametrize(
    "change",
    [
        {"metrics": {"auc": 0.99}},
        {"version": "9.9.9"},
        {"profile": None},
        {"lineage": {"trainingSpec": {"model": "other"}}},
    ],
    ids=["metrics", "version", "profile", "lineage"],
)
def test_a_version_never_changes(objects, namespace, change):
    version = objects.create(sample("modelversion-full"), namespace)
    with pytest.raises(client.ApiException) as refused:
        objects.change(version, **change)
    assert "is immutable: create a new ModelVersion with another version" in message_of(refused)


def test_a_version_can_be_rejected_and_stays_so(objects, namespace):
    version = objects.create(sample("modelversion-full"), namespace)
    rejected = objects.change(version, rejected=True)
    assert rejected["spec"]["rejected"] is True
    with pytest.raises(client.ApiException) as refused:
        objects.change(rejected, rejected=False)
    assert "spec.rejected stays true once it is" in message_of(refused)


def test_a_service_keeps_its_model_and_may_change_the_rest(objects, namespace):
    service = objects.create(sample("inferenceservice-full"), namespace)
    assert objects.change(service, version="^2", suspend=True)["metadata"]["generation"] == 2
    with pytest.raises(client.ApiException) as refused:
        objects.change(service, model="churn")
    assert "spec.model is immutable: create another InferenceService" in message_of(refused)
