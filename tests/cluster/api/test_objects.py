"""How our objects look to people and tools: defaults, status, columns, documentation."""

from pathlib import Path

import yaml

from trimtab.api.inferenceservice import InferenceServiceSpec
from trimtab.api.modelversion import ModelVersionSpec
from trimtab.api.reasons import TrainingCondition, TrainingReason
from trimtab.api.trainingrun import TrainingRunSpec

SAMPLES = Path(__file__).parents[3] / "crds" / "samples"
NOW = "2026-01-01T00:00:00Z"


def sample(name):
    return yaml.safe_load((SAMPLES / f"{name}.yaml").read_text())


def test_what_the_api_server_fills_in_is_what_the_models_assume(objects, namespace):
    models = {
        "TrainingRun": TrainingRunSpec,
        "ModelVersion": ModelVersionSpec,
        "InferenceService": InferenceServiceSpec,
    }
    for name in ("trainingrun-minimal", "modelversion-imported", "inferenceservice-minimal"):
        written = sample(name)
        model = models[written["kind"]]
        stored = objects.create(written, namespace)["spec"]
        assert model.model_validate(stored) == model.model_validate(written["spec"])


def test_every_sample_is_read_back_by_the_models_as_it_was_stored(objects):
    models = {
        "TrainingRun": TrainingRunSpec,
        "ModelVersion": ModelVersionSpec,
        "InferenceService": InferenceServiceSpec,
    }
    for path in sorted(SAMPLES.glob("*.yaml")):
        stored = objects.create(yaml.safe_load(path.read_text()), dry_run="All")
        again = models[stored["kind"]].model_validate(stored["spec"]).wire()
        assert {key: again[key] for key in stored["spec"]} == stored["spec"], path.name


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
    assert "Rows of the same block of time depend on one another" in told
