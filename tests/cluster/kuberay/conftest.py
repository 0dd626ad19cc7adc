"""The adapter with the operator's own rights, over a real API server that knows KubeRay's real kinds.

KubeRay itself is not there: what it would write, the test writes, as `tests/node` and KubeRay's source show it.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.support import kuberay
from tests.support.controlplane import ControlPlane
from tests.support.objects import service
from tests.support.plans import plan
from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.kube.cache import Cache
from trimtab.adapters.kube.cluster import KubeCluster
from trimtab.adapters.serving.kuberay.engine import KuberayServing
from trimtab.adapters.serving.kuberay.pods import PodSettings
from trimtab.contract.serving import Served, ServingPlan
from trimtab.deploy import rights

SETTINGS = PodSettings(image="registry.example/trimtab/serving:1")


@pytest.fixture(scope="session", autouse=True)
def kuberay_kinds(control_plane) -> None:
    kuberay.install_crds(control_plane)


@pytest.fixture
def granted(control_plane, namespace) -> None:
    """What the chart grants the operator for this engine, and nothing else."""
    control_plane.grant(namespace, "trimtab-kuberay", [*rights.SERVING["kuberay"], *rights.ROUTES])


@dataclass
class Stage:
    """An InferenceService, the adapter that serves it, and the hands of KubeRay."""

    plane: ControlPlane
    namespace: str
    api: KubeApi
    cluster: KubeCluster
    cache: Cache

    def engine(self, *, routes: bool = True, **settings: Any) -> KuberayServing:
        return KuberayServing(self.api, self.cluster, self.settings(**settings), routes=routes)

    def settings(self, **settings: Any) -> PodSettings:
        return replace(SETTINGS, **settings)

    def plan(self, number: str = "1.0.0", **changes: Any) -> ServingPlan:
        return plan(number, namespace=self.namespace, **changes)

    async def found(self) -> Served | None:
        return await self.engine().find(self.namespace, "svc")

    async def look(self) -> None:
        """See the InferenceServices as the operator's watch would."""
        for obj in await self.cluster.refresh("InferenceService", self.namespace):
            self.cache.put(obj)

    def get(self, *what: str) -> dict[str, Any]:
        return self.plane.get("-n", self.namespace, *what)

    def say(self, kind: str, name: str, status: dict[str, Any]) -> None:
        """Write a status, as the controller of that kind would."""
        patch = json.dumps({"status": status})
        place = ("-n", self.namespace, kind, name)
        self.plane.kubectl("patch", *place, "--subresource=status", "--type=merge", "-p", patch)

    def serving(self, state: str = "RUNNING", message: str = "", **status: Any) -> None:
        """Let KubeRay say that the one cluster serves."""
        apps = {f"{self.namespace}_svc": {"status": state, "message": message}}
        generation = self.get("rayservice", "svc")["metadata"]["generation"]
        active = {"rayClusterName": "svc-a", "applicationStatuses": apps}
        self.say("rayservice", "svc", {"observedGeneration": generation, "activeServiceStatus": active, **status})


@pytest.fixture
async def stage(control_plane, namespace, granted, monkeypatch):  # noqa: ARG001  # the rights must be there first
    monkeypatch.setenv("KUBECONFIG", str(control_plane.operator_kubeconfig))
    api = await KubeApi.connect()
    cache = Cache(["InferenceService"])
    control_plane.apply(service(namespace=namespace))
    stage = Stage(control_plane, namespace, api, KubeCluster(api, cache), cache)
    await stage.look()
    yield stage
    await api.close()
