"""The flights example on the node, as a user has it: an image with the code, data in a bucket, two manifests."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.node.platform.neighbours import BUCKET, Neighbours
from tests.node.platform.trimtab import Trimtab
from tests.support.servers import RUNTIME_PYTHON
from trimtab.api.common import parse_duration

ROOT = Path(__file__).resolve().parents[3]
CLUSTER = ROOT / "examples" / "flights" / "cluster"
NAMESPACE = "flights"
PACE = 0.5  # real seconds for a replayed day
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Flights:
    """The example in its namespace."""

    trimtab: Trimtab
    neighbours: Neighbours

    @property
    def folder(self) -> Path:
        """What pods know as s3://models/flights."""
        return self.neighbours.objects / BUCKET / "flights"

    def land(self) -> None:
        """Put the days before March into the bucket."""
        self._replay("land", str(self.folder))

    def apply(self) -> None:
        """Apply the example's manifests; time in them is as fast as the replay."""
        node = self.trimtab.node
        self.trimtab.admit(NAMESPACE)
        rendered = node.kubectl("kustomize", "--load-restrictor=LoadRestrictionsNone", str(CLUSTER))
        documents = [hurried(document) for document in yaml.safe_load_all(rendered.stdout)]
        node.kubectl("apply", f"--namespace={NAMESPACE}", "--filename=-", given=yaml.safe_dump_all(documents))

    def replay(self) -> dict[str, Any]:
        """Live through March to May; what happened."""
        kubeconfig = self.trimtab.node.place.kubeconfig("admin")
        said = self._replay("live", str(self.folder), str(kubeconfig), NAMESPACE, str(PACE))
        happened: dict[str, Any] = json.loads(said)
        return happened

    def _replay(self, *arguments: str) -> str:
        command = [str(RUNTIME_PYTHON), "-m", "tests.node.story.replay", *arguments]
        ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, check=False)
        assert ended.returncode == 0, self.trimtab.said()
        return ended.stdout


def hurried(document: dict[str, Any]) -> dict[str, Any]:
    """The duration of an InferenceService that replayed time passes through, at its pace; anything else as it is."""
    if document["kind"] == "InferenceService":
        days = parse_duration(document["spec"]["retraining"]["cooldown"]).total_seconds() / _SECONDS_A_DAY
        document["spec"]["retraining"]["cooldown"] = f"{round(days * PACE * 1000)}ms"
    return document
