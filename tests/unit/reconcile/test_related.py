"""A change is seen where it matters."""

from tests.support.objects import model_version, service, training_run
from trimtab.reconcile.related import rung_by

OBJECTS = {
    "TrainingRun": [training_run("first"), training_run("other", model="other")],
    "ModelVersion": [model_version("1.0.0"), model_version("1.1.0"), model_version("1.0.0", model="other")],
    "InferenceService": [service("svc"), service("of-another-model", model="other")],
}


def rung(changed):
    def of_model(kind, namespace, model):
        assert namespace == "ns"
        return [obj for obj in OBJECTS[kind] if obj["spec"]["model"] == model]

    return {f"{key.kind}/{key.name}" for key in rung_by(changed, of_model)}


def test_a_run_rings_itself_and_the_services_of_its_model():
    assert rung(training_run("first")) == {"TrainingRun/first", "InferenceService/svc"}


def test_a_version_rings_the_services_of_its_model_and_the_run_that_made_it():
    made = model_version("1.2.0", lineage={"trainingRun": "first"})
    assert rung(made) == {"ModelVersion/late-1.2.0", "InferenceService/svc", "TrainingRun/first"}


def test_a_service_rings_the_versions_of_its_model():
    assert rung(service("svc")) == {"InferenceService/svc", "ModelVersion/late-1.0.0", "ModelVersion/late-1.1.0"}


def test_an_object_of_a_model_nobody_knows_rings_itself_only():
    assert rung(training_run("alone", model="unknown")) == {"TrainingRun/alone"}
