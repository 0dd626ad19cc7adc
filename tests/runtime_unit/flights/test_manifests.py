import pytest
import yaml

from examples.flights.demo import manifests
from examples.flights.flights.data import FEATURES, TARGET, TIME
from trimtab.api.inferenceservice import InferenceServiceSpec
from trimtab.api.trainingrun import TrainingRunSpec

KINDS = {"trainingrun": TrainingRunSpec, "inferenceservice": InferenceServiceSpec}


def spec(folder, name):
    return KINDS[name](**yaml.safe_load((folder / f"{name}.yaml").read_text())["spec"])


@pytest.mark.parametrize("name", KINDS)
def test_the_manifests_are_valid_as_they_stand(settings, name):
    assert spec(settings.source / "manifests", name).model == "flight-delay"


def test_the_run_gets_its_own_paths_and_seed(settings):
    run = spec(manifests.write(settings), "trainingrun")
    assert run.data.uri == settings.data.as_uri()
    assert run.trainer.source.path == str(settings.source)
    assert run.trainer.seed == settings.seed


def test_the_model_takes_the_features_the_data_has(settings):
    data = spec(settings.source / "manifests", "trainingrun").data
    assert (data.features, data.target, data.time) == (FEATURES, TARGET, TIME)


@pytest.mark.parametrize(
    ("real", "pace", "replayed"), [("8d", 0.5, "4000ms"), ("28d", 0.5, "14000ms"), ("24h", 2.0, "2000ms")]
)
def test_a_duration_is_divided_by_the_pace(real, pace, replayed):
    assert manifests.at_pace(real, pace) == replayed


def test_what_stands_still_is_added_to_a_duration_that_goes_on_meanwhile():
    assert manifests.at_pace("28d", 0.5, still=3.5) == "17500ms"


def test_the_hurried_manifest_says_which_duration_was_divided(settings):
    folder = manifests.write(type(settings)(pace=0.5, folder=settings.folder))
    service = spec(folder, "inferenceservice")
    assert (service.promotion.deadline, service.retraining.cooldown) == ("28d", "17500ms")
    said = (folder / "inferenceservice.yaml").read_text()
    assert "retraining.cooldown 28d is 17500ms (3.5 s of it for the loading of a candidate)" in said


def test_the_budget_keeps_its_real_period_so_that_it_spans_the_replay(settings):
    assert spec(manifests.write(settings), "inferenceservice").retraining.budget.per == "365d"
