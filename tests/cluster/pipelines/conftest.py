"""The pipeline engines, each with all it needs: a real MLflow, a real S3 store, a real API server with its Jobs."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import servers
from tests.support.controlplane import ControlPlane
from tests.support.kubelet import Kubelet
from tests.support.servers import RUNTIME_PYTHON, ObjectStore
from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.mlflow.results import MlflowResults
from trimtab.adapters.pipelines.job.engine import JobPipelines
from trimtab.adapters.pipelines.kfp.api import KfpApi
from trimtab.adapters.pipelines.kfp.engine import KfpPipelines
from trimtab.adapters.pipelines.local import LocalPipelines
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.contract.run import RunRequest, RunState
from trimtab.deploy import rights
from trimtab.errors import Retry
from trimtab.keys import RunKey
from trimtab.pools import PoolTable
from trimtab.ports import Pipelines

ROOT = Path(__file__).resolve().parents[3]
USER_CODE = ROOT / "tests" / "pipelines" / "usercode"
PATIENCE = 150.0  # seconds a run may take on a busy machine
STORE = "s3://store/trimtab"
SECRET = "storage"  # noqa: S105  # its name
NO_POOLS = PoolTable({})


@dataclass(frozen=True)
class World:
    """What is outside every engine."""

    store: ObjectStore
    mlflow: str


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    with servers.object_store(folder) as store, servers.mlflow(RUNTIME_PYTHON, folder, proxied=True) as url:
        store.bucket("store")
        rows = store.bucket("lake") / "rows"
        rows.mkdir()
        subprocess.run([RUNTIME_PYTHON, "-m", "tests.support.rows", str(rows)], cwd=ROOT, check=True)
        yield World(store, url)


@dataclass
class Bench:
    """An engine in its place, and runs to ask of it."""

    make: Callable[..., Pipelines]
    plane: ControlPlane
    namespace: str
    world: World

    def __post_init__(self) -> None:
        self.engine = self.make()

    def request(self, name: str, *, function: str = "sound", **spec: Any) -> RunRequest:
        """A request of a TrainingRun that is there."""
        asked = {
            "model": f"{name}-{self.namespace}",
            "data": {"uri": "s3://lake/rows", "target": "late", "holdout": {"by": "Random"}},
            "trainer": {
                "entrypoint": f"lessons:{function}",
                "source": {"path": str(USER_CODE)},
                "hyperparameters": spec.pop("hyperparameters", {}),
            },
            **spec,
        }
        meta = {"namespace": self.namespace, "name": name}
        self.plane.apply({"apiVersion": "trimtab.dev/v1alpha1", "kind": "TrainingRun", "metadata": meta, "spec": asked})
        uid = self.plane.get("-n", self.namespace, "trun", name)["metadata"]["uid"]
        return RunRequest.model_validate({"namespace": self.namespace, "trainingRun": name, "uid": uid, "spec": asked})

    async def reaches(self, key: RunKey, wanted: Callable[[RunState], bool], *, silent: bool = False) -> RunState:
        """The first state that is as wanted; `silent`: until then the engine may say that it does not know."""
        state = None
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    with suppress(Retry) if silent else nullcontext():
                        state = await self.engine.find(key)
                    if state is not None and wanted(state):
                        return state
                    await asyncio.sleep(0.2)
        except TimeoutError:
            pytest.fail(f"{key} never got there; it is {state}")


@pytest.fixture(scope="session")
def job_controller(control_plane, tmp_path_factory) -> Iterator[None]:
    """The real one, beside the few controllers that the control plane has."""
    program = Path(control_plane.kubectl_program).with_name("kube-controller-manager")
    command = [str(program), f"--kubeconfig={control_plane.admin_kubeconfig}", "--controllers=job-controller"]
    command += ["--leader-elect=false", f"--secure-port={servers.free_port()}", "--bind-address=127.0.0.1"]
    folder = tmp_path_factory.mktemp("jobs")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, f"--cert-dir={folder}"], stdout=log, stderr=log)
    yield
    process.send_signal(signal.SIGTERM)
    process.wait()


@pytest.fixture(params=["local", "job", "kfp"])
async def bench(request, control_plane, namespace, world, tmp_path) -> AsyncIterator[Bench]:
    engines = {"local": local, "job": job, "kfp": kfp}
    async with engines[request.param](request, control_plane, namespace, world, tmp_path) as make:
        yield Bench(make, control_plane, namespace, world)


@asynccontextmanager
async def local(request, control_plane, namespace, world, folder):  # noqa: ARG001  # all engines are asked alike
    made = []

    def make() -> LocalPipelines:
        made.append(LocalPipelines(RUNTIME_PYTHON, folder, {"MLFLOW_TRACKING_URI": world.mlflow, **world.store.env}))
        return made[-1]

    yield make
    for engine in made:
        for run in (folder / "runs" / namespace).glob("*"):
            await engine.cancel(RunKey(namespace, run.name))


@asynccontextmanager
async def job(request, control_plane, namespace, world, folder):
    request.getfixturevalue("job_controller")
    request.getfixturevalue("monkeypatch").setenv("KUBECONFIG", str(control_plane.operator_kubeconfig))
    control_plane.grant(namespace, "trimtab-job", rights.PIPELINES["job"])  # what the chart grants, and nothing else
    meta = {"namespace": namespace, "name": SECRET}
    control_plane.apply({"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": world.store.env})
    api = await KubeApi.connect()

    def make(mlflow: str = world.mlflow, pools: str = "") -> JobPipelines:
        return JobPipelines(api, MlflowResults(mlflow), training_pods(mlflow, PoolTable.parse(pools)))

    with Kubelet(control_plane.admin_kubeconfig, namespace, RUNTIME_PYTHON, folder):
        yield make
    await api.close()


@asynccontextmanager
async def kfp(request, control_plane, namespace, world, folder):  # noqa: ARG001  # the same
    pipeline = yaml.safe_load((ROOT / "pipelines" / "trimtab_pipelines" / "compiled" / "train.yaml").read_text())
    place = folder / "kfp"
    place.mkdir()
    with servers.kubeflow(RUNTIME_PYTHON, place, {SECRET: world.store.env}) as url:
        yield lambda: KfpPipelines(KfpApi(url), MlflowResults(world.mlflow), training_pods(world.mlflow), pipeline)


def training_pods(mlflow: str, pools: PoolTable = NO_POOLS) -> TrainingPods:
    """What an installation says, here."""
    return TrainingPods(image="trainer", store=STORE, tracking_uri=mlflow, pools=pools, storage_secret=SECRET)
