"""How our objects look to people and tools: defaults, status, columns, documentation."""

from pathlib import Path

import pytest
import yaml

from trimtab.api.inferenceservice import InferenceServiceSpec
from trimtab.api.modelversion import ModelVersionSpec
from trimtab.api.reasons import TrainingCondition, TrainingReason
from trimtab.api.trainingrun import TrainingRunSpec

SAMPLES = Path(__file__).parents[3] / "crds" / "samples"
SPECS = {"TrainingRun": TrainingRunSpec, "ModelVersion": ModelVersionSpec, "InferenceService": InferenceServiceSpec}
NOW = "2026-01-01T00:00:00Z"


def sample(name):
    return yaml.safe_load((SAMPLES / f"{name}.yaml").read_text())


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_the_api_server_stores_means_what_was_written(objects, path):
    written = yaml.safe_load(path.read_text())
    model = SPECS[written["kind"]]
    stored = objects.create(written, dry_run="All")["spec"]
    assert model.model_validate(stored) == model.model_validate(written["spec"])


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_the_operator_writes_is_accepted_and_means_the_same(objects, path):
    written = yaml.safe_load(path.read_text())
    spec = SPECS[written["kind"]].model_validate(written["spec"])
    stored = objects.create(written | {"spec": spec.wire()}, dry_run="All")["spec"]
    assert SPECS[written["kind"]].model_validate(stored) == spec


def test_a_status_does_not_move_the_generation_and_shows_in_the_columns(objects, namespace, control_plane):
    run = objects.create(sample("trainingrun-drift"), namespace)
    ready = {
        "type": TrainingCondition.READY,
        "status": "True",
        "reason": TrainingReason.SUCCEEDED,
        "observedGeneration": 1,
        "lastTransitionTime": NOW,
    }
    told = objects.report(run, {"version": "1.1.0", "metrics": {"auc": 0.71}, "conditions": [ready]})
    assert told["metadata"]["generation"] == 1
    head, row = control_plane.kubectl("get", "trun", "-n", namespace).stdout.splitlines()
    assert head.split() == ["NAME", "MODEL", "VERSION", "TRIGGER", "READY", "REASON", "AUC", "AGE"]
    assert row.split()[1:-1] == ["flight-delay", "1.1.0", "Drift", "True", "Succeeded", "0.71"]


def test_all_kinds_are_one_category(objects, namespace, control_plane):
    for name in ("trainingrun-minimal", "modelversion-imported", "inferenceservice-minimal"):
        objects.create(sample(name), namespace)
    listed = control_plane.kubectl("get", "trimtab", "-n", namespace, "-o", "name").stdout.split()
    assert sorted(listed) == [
        "inferenceservice.trimtab.dev/churn",
        "modelversion.trimtab.dev/churn-1.0.0",
        "trainingrun.trimtab.dev/flight-delay-by-hand",
    ]


def test_kubectl_explains_a_field(control_plane):
    told = control_plane.kubectl("explain", "trainingrun.spec.data.block").stdout
    assert "Length of time within which rows depend on one another" in told
