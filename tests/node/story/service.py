"""A small InferenceService whose versions are brought from elsewhere: promotions take seconds, not trainings."""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.node.platform.neighbours import BUCKET, RUNTIME_PYTHON, Neighbours
from tests.node.platform.trimtab import Trimtab
from trimtab.api.common import API_VERSION

ROOT = Path(__file__).resolve().parents[3]
NAME = MODEL = "flights"


@dataclass(frozen=True)
class Service:
    """The service and its versions, in a namespace of its own."""

    trimtab: Trimtab
    neighbours: Neighbours
    namespace: str

    def create(self, **spec: Any) -> None:
        """Apply it; any error-free candidate is promoted after a few requests, as nothing else is asked of it."""
        self.trimtab.admit(self.namespace)
        gates = [{"metric": "errors", "maxIncrease": 0.5}]
        told = {"model": MODEL, "version": "^1", "promotion": {"gates": gates, "minRequests": 20}} | spec
        self._apply({"apiVersion": API_VERSION, "kind": "InferenceService", "metadata": {"name": NAME}, "spec": told})

    def bring(self, *versions: str) -> None:
        """Make versions and import them."""
        folder = self.neighbours.objects / BUCKET / self.namespace
        remote = f"s3://{BUCKET}/{self.namespace}"
        command = [str(RUNTIME_PYTHON), "-m", "tests.node.story.models", str(folder), remote, *versions]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        self._apply(*json.loads(ended.stdout))

    def status(self) -> dict[str, Any]:
        """The service's status; empty before there is one."""
        found: dict[str, Any] = self.trimtab.node.get("infsvc", NAME, "-n", self.namespace).get("status", {})
        return found

    def condition(self, kind: str) -> tuple[str, str, str]:
        """Status, reason and message of a condition; empty texts before there is one."""
        said = {c["type"]: (c["status"], c["reason"], c["message"]) for c in self.status().get("conditions", [])}
        return said.get(kind, ("", "", ""))

    def until(self, holds: Callable[["Service"], bool], patience: float = 240.0) -> float:
        """Wait for something; how many seconds it took."""
        begun = time.monotonic()
        while not holds(self):
            if time.monotonic() - begun > patience:
                raise AssertionError(f"not in {patience:.0f} s: {json.dumps(self.status())}\n{self.trimtab.said()}")
            time.sleep(0.3)
        return time.monotonic() - begun

    def ready(self) -> bool:
        """Whether it says that it answers."""
        return self.condition("Ready")[0] == "True"

    def champion(self) -> str:
        """The version that answers, as the status says."""
        return str(self.status().get("champion", {}).get("version", ""))

    def url(self) -> str:
        """The model's address on this host."""
        service = self.trimtab.node.get("service", f"{NAME}-serve-svc", "-n", self.namespace)
        return f"http://{service['spec']['clusterIP']}:8000/{self.namespace}/{NAME}/v2/models/{MODEL}"

    def _apply(self, *documents: dict[str, Any]) -> None:
        for document in documents:
            document["metadata"]["namespace"] = self.namespace
        self.trimtab.node.apply(*documents)
