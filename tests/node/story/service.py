"""A small InferenceService whose versions are brought from elsewhere: promotions take seconds, not trainings."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.node.machine import containers
from tests.node.platform.neighbours import BUCKET, Neighbours
from tests.node.platform.trimtab import NAMESPACE as OPERATOR_NAMESPACE
from tests.node.platform.trimtab import Trimtab
from tests.support.servers import ROOT, RUNTIME_PYTHON
from tests.support.waiting import until
from trimtab.api.common import API_VERSION

NAME = MODEL = "flights"
LEASE = "trimtab-operator"


@dataclass(frozen=True)
class Service:
    """The service in a namespace of its own."""

    trimtab: Trimtab
    neighbours: Neighbours
    namespace: str

    def create(self) -> None:
        """Apply it; a candidate is promoted after the shortest window, as nothing but an answer is asked of it."""
        self.trimtab.admit(self.namespace)
        promotion = {"gates": [{"metric": "errors", "maxIncrease": 0.5}], "minRequests": 20}
        spec = {"model": MODEL, "version": "^1", "promotion": promotion, "monitoring": {"window": {"rows": 50}}}
        self.apply({"apiVersion": API_VERSION, "kind": "InferenceService", "metadata": {"name": NAME}, "spec": spec})

    def make(self, *versions: str) -> dict[str, dict[str, Any]]:
        """Make versions' files in the bucket, and by version the ModelVersions that import them."""
        folder, remote = self.neighbours.objects / BUCKET / self.namespace, f"s3://{BUCKET}/{self.namespace}"
        command = [str(RUNTIME_PYTHON), "-m", "tests.node.story.models", MODEL, str(folder), remote, *versions]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return {document["spec"]["version"]: document for document in json.loads(ended.stdout)}

    def apply(self, document: dict[str, Any]) -> None:
        """Apply an object in the service's namespace."""
        document["metadata"]["namespace"] = self.namespace
        self.trimtab.node.apply(document)

    def patch(self, **spec: Any) -> None:
        """Change fields of the service's spec."""
        change = json.dumps({"spec": spec})
        self.trimtab.node.kubectl("patch", "infsvc", NAME, "-n", self.namespace, "--type=merge", f"--patch={change}")

    def reject(self, version: str) -> None:
        """Reject a version as docs/operate.md has it."""
        where = (f"{MODEL}-{version}", "-n", self.namespace, "--type=merge", '--patch={"spec":{"rejected":true}}')
        self.trimtab.node.kubectl("patch", "modelversion", *where)

    def kill_the_leader(self) -> None:
        """Kill the operator that leads, with its pod: it can neither let go of its Lease, nor be started again."""
        node, where = self.trimtab.node, ("-n", OPERATOR_NAMESPACE)
        self.until(self._stop_the_leader)
        leader = self.leader()
        name = self._container(leader)
        node.kubectl("delete", "pod", leader, *where, "--force", "--grace-period=0")
        containers.signal(node.place, name, "SIGKILL")  # the kubelet may have been quicker

    def _stop_the_leader(self) -> bool:
        """Stop the process of the pod that the Lease names; False where that one has just ended by itself."""
        name = self._container(self.leader())
        return name != "" and containers.signal(self.trimtab.node.place, name, "SIGSTOP")

    def _container(self, pod: str) -> str:
        """The container of an operator's pod; empty where there is none."""
        path = "--output=jsonpath={.status.containerStatuses[0].containerID}"
        found = self.trimtab.node.kubectl("get", "pod", pod, "-n", OPERATOR_NAMESPACE, path, check=False)
        return str(found.stdout).removeprefix("containerd://")

    def leader(self) -> str:
        """The pod that the Lease names: one that was killed, until its time is over."""
        found = self.trimtab.node.get("lease", LEASE, "-n", OPERATOR_NAMESPACE)
        return str(found["spec"]["holderIdentity"])

    def status(self) -> dict[str, Any]:
        """The service's status; empty before there is one."""
        found: dict[str, Any] = self.trimtab.node.get("infsvc", NAME, "-n", self.namespace).get("status", {})
        return found

    def says(self, kind: str) -> tuple[str, str, str]:
        """Status, reason and message of a condition; empty texts before there is one."""
        said = {c["type"]: (c["status"], c["reason"], c["message"]) for c in self.status().get("conditions", [])}
        return said.get(kind, ("", "", ""))

    def champion(self) -> str:
        """The version that answers, as the status says."""
        return str(self.status().get("champion", {}).get("version", ""))

    def place(self, version: str) -> str:
        """Which place a version holds: champion, shadow, or none."""
        status = self.status()
        return next((one for one in ("champion", "shadow") if status.get(one, {}).get("version") == version), "")

    def cluster(self) -> str:
        """The Ray cluster that serves."""
        found = self.trimtab.node.get("rayservice", NAME, "-n", self.namespace)["status"]
        return str(found["activeServiceStatus"]["rayClusterName"])

    def clusters(self) -> int:
        """How many Ray clusters there are: one that was left lives on for half a minute."""
        return len(self.trimtab.node.get("rayclusters", "-n", self.namespace)["items"])

    def until(self, holds: Callable[[], bool], patience: float = 240.0) -> None:
        """Wait for something; `patience` is in seconds."""
        until(holds, lambda: f"{json.dumps(self.status())}\n{self.trimtab.said()}", patience, pause=0.3)

    def url(self) -> str:
        """The model's address on this host."""
        service = self.trimtab.node.get("service", f"{NAME}-serve-svc", "-n", self.namespace)
        return f"http://{service['spec']['clusterIP']}:8000/{self.namespace}/{NAME}/v2/models/{MODEL}"
