"""The Job of a run, by goldens; and what no pod can be told is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from trimtab.adapters.pipelines.job.render import job
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.contract.run import RunRequest
from trimtab.errors import Refuse
from trimtab.keys import RunKey
from trimtab.pools import PoolTable

GOLDEN = Path(__file__).parents[3] / "golden"
KEY = RunKey("team", "first-0a1b2c3d-0")
PODS = TrainingPods(
    image="registry.example/trimtab/trainer:0.1.0",
    store="s3://models/trimtab",
    tracking_uri="http://mlflow:5000",
    pools=PoolTable.parse((GOLDEN / "pools" / "pools.yaml").read_text()),
    pull_secret="pull",  # noqa: S106  # a Secret's name
    storage_secret="storage",  # noqa: S106  # the same
)


def request(**spec):
    spec = {
        "model": "flight-delay",
        "data": {"uri": "s3://lake/flights", "target": "late"},
        "trainer": {"entrypoint": "flights.train:train"},
        **spec,
    }
    named = {"namespace": "team", "trainingRun": "first", "uid": "0a1b2c3d-1111-2222-3333-444455556666"}
    return RunRequest.model_validate({**named, "spec": spec})


CASES = {
    "plain": {},
    "one-card": {"resources": {"cpu": "4", "memory": "16Gi", "gpu": {"nodePool": "a100", "vram": "16Gi"}}},
    "spot-pool": {"resources": {"gpu": {"nodePool": "a100-spot", "count": 2}}},
    "mig-profile": {"resources": {"gpu": {"nodePool": "mig"}}},
    "queued": {"queueName": "training", "resources": {"gpu": {"nodePool": "a100", "count": 4}}},
    "own-image": {"trainer": {"entrypoint": "flights.train:train", "image": "registry.example/flights@sha256:abc"}},
}


def rendered(case):
    """The Job without what every one of them has, which `plain` shows; the request is shown as what it means."""
    found = job(KEY, request(**CASES[case]), PODS)
    for variable in found["spec"]["template"]["spec"]["containers"][0]["env"]:
        if variable["name"] == "TRIMTAB_REQUEST":
            assert RunRequest.model_validate(json.loads(variable["value"])) == request(**CASES[case])
            variable["value"] = "…"
    return found


@pytest.mark.parametrize("case", CASES)
def test_a_job_is_as_its_golden_says(case):
    golden = GOLDEN / "jobs" / f"{case}.yaml"
    assert rendered(case) == yaml.safe_load(golden.read_text())


def test_the_same_run_is_the_same_job():
    assert json.dumps(job(KEY, request(), PODS)) == json.dumps(job(KEY, request(), PODS))


def test_mlflows_credentials_come_from_the_secret_that_is_named():
    found = job(KEY, request(), replace(PODS, tracking_secret="mlflow"))  # noqa: S106  # a Secret's name
    container = found["spec"]["template"]["spec"]["containers"][0]
    assert container["envFrom"] == [{"secretRef": {"name": "storage"}}, {"secretRef": {"name": "mlflow"}}]


def test_a_request_no_pod_can_be_told_is_refused():
    features = [f"{'x' * 120}{number}" for number in range(512)]
    names = {"features": features, "expectations": [{"column": name, "dtype": "float"} for name in features[:256]]}
    with pytest.raises(Refuse, match="a pod can be told 100000") as refused:
        job(KEY, request(data={"uri": "s3://lake/flights", "target": "late", **names}), PODS)
    assert refused.value.reason == "UnsupportedByEngine"
