"""What the loop stands on goes away and comes back: each time a condition says it, and the loop goes on by itself."""

import json
import os
import signal
import subprocess
from dataclasses import dataclass

import pytest
import yaml

from tests.support.trimtab_cli import Trimtab
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(600)

PATIENCE = 150


@dataclass(frozen=True)
class Site:
    """The stack of a demonstration that was left up, as a person works with it."""

    trimtab: Trimtab
    environment: dict[str, str]

    def until(self, holds):
        """Wait until something holds."""
        until(holds, patience=PATIENCE, pause=0.5)

    def kubectl(self, *arguments, given=None):
        command = ["kubectl", *arguments]
        done = subprocess.run(command, env=self.environment, input=given, capture_output=True, text=True, check=True)
        return done.stdout

    def status(self, kind, name):
        return json.loads(self.kubectl("get", kind, name, "-o", "json")).get("status", {})

    def reasons(self, kind, name):
        return {condition["type"]: condition["reason"] for condition in self.status(kind, name).get("conditions", [])}

    def kill(self, part):
        """End a part and all of its process group at once."""
        os.killpg(self.trimtab.parts()[part]["pid"], signal.SIGKILL)


@pytest.fixture
def site(still):
    trimtab = Trimtab(still.folder / "stack")
    return Site(trimtab, trimtab.environment())


def test_a_service_says_that_ray_is_gone_and_comes_back_with_it_remembering_all_windows(site):
    service = ("infsvc", "flight-delay")
    windows = site.status(*service)["drift"]["windows"]
    assert windows > 0
    site.kill("ray")
    site.until(lambda: site.reasons(*service)["Ready"] == "ServingUnavailable")
    site.trimtab("up")
    site.until(lambda: site.reasons(*service)["Ready"] == "Answering")
    assert site.status(*service)["drift"]["windows"] == windows  # said by the endpoint that has just answered


def test_a_training_waits_for_mlflow_and_makes_one_version_when_it_is_back(site, still):
    run = yaml.safe_load((still.folder / "manifests" / "trainingrun.yaml").read_text())
    run["metadata"]["name"] = "while-mlflow-is-away"
    run["spec"]["trainer"]["hyperparameters"]["max_iter"] = 20
    site.kill("mlflow")
    site.kubectl("apply", "-f", "-", given=json.dumps(run))
    site.until(lambda: "TrackingUnavailable" in site.reasons("trun", "while-mlflow-is-away").values())
    site.trimtab("up")
    site.until(lambda: site.reasons("trun", "while-mlflow-is-away").get("Ready") == "Succeeded")
    versions = json.loads(site.kubectl("get", "mver", "-o", "json"))["items"]
    makers = [version["spec"]["lineage"]["trainingRun"] for version in versions]
    assert makers.count("while-mlflow-is-away") == 1
