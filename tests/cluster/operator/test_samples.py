"""Every sample people can start from is taken up by the operator: all of its facts are said, about its very spec."""

from pathlib import Path

import yaml

from tests.support.waiting import until
from trimtab.api.reasons import ServiceCondition, TrainingCondition, VersionCondition

SAMPLES = sorted((Path(__file__).parents[3] / "crds" / "samples").glob("*.yaml"))
FACTS = {"TrainingRun": TrainingCondition, "ModelVersion": VersionCondition, "InferenceService": ServiceCondition}
ONLY_WHILE_TRUE = {"Reconciling", "Stalled"}


def reconciled(stage, sample):
    """Whether the status speaks of the object's present spec, and says each fact of its kind."""
    found = stage.get(sample["kind"], sample["metadata"]["name"])
    status = found.get("status", {})
    said = {condition["type"] for condition in status.get("conditions", [])}
    facts = {fact.value for fact in FACTS[sample["kind"]]} - ONLY_WHILE_TRUE
    return facts <= said and status["observedGeneration"] == found["metadata"]["generation"]


def test_every_sample_is_reconciled(stage):
    samples = [yaml.safe_load(path.read_text()) for path in SAMPLES]
    assert {sample["kind"] for sample in samples} == set(FACTS)
    for sample in samples:
        stage.apply(sample)
    for sample in samples:
        until(lambda sample=sample: reconciled(stage, sample), f"{sample['metadata']['name']} is reconciled")
    assert stage.condition("trun", "flight-delay-on-approval", "Admitted") == ("False", "Suspended")
    until(lambda: stage.condition("trun", "flight-delay-first", "Ready")[0] == "True", "a run ends well")
