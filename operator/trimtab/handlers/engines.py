"""The engines behind the ports, chosen by name; another one is `module:factory`, called with these settings."""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from trimtab.adapters.artifacts import StoredArtifacts
from trimtab.adapters.clock import SystemClock
from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.kube.cluster import KubeCluster
from trimtab.adapters.kube.recorder import EventRecorder
from trimtab.adapters.mlflow.registry import MlflowRegistry
from trimtab.adapters.mlflow.results import MlflowResults
from trimtab.adapters.pipelines.job.engine import JobPipelines
from trimtab.adapters.pipelines.kfp.api import KfpApi
from trimtab.adapters.pipelines.kfp.engine import KfpPipelines
from trimtab.adapters.pipelines.local import LocalPipelines
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.adapters.serving.kuberay.engine import KuberayServing
from trimtab.adapters.serving.kuberay.pods import PodSettings
from trimtab.adapters.serving.ray import RayServing
from trimtab.handlers.settings import Settings
from trimtab.pools import PoolTable
from trimtab.ports import World

_EVERYWHERE = "0.0.0.0"  # noqa: S104  # clients of a Ray cluster are on other machines
Factory = Callable[[Settings], Any]
FactoryOnCluster = Callable[[Settings, KubeApi, KubeCluster], Any]


def local(settings: Settings) -> LocalPipelines:
    """Pipelines as child processes on this machine."""
    environment = settings.tracking | settings.object_store
    return LocalPipelines(Path(settings.need("TRIMTAB_RUNTIME_PYTHON")), settings.state, environment)


def ray(settings: Settings) -> RayServing:
    """Applications on one Ray cluster."""
    return RayServing(
        settings.need("TRIMTAB_RAY_DASHBOARD"),
        settings.need("TRIMTAB_SERVE_URL"),
        (settings.environment.get("TRIMTAB_SERVE_HOST") or _EVERYWHERE, int(settings.need("TRIMTAB_SERVE_PORT"))),
        settings.environment.get("RAY_AUTH_TOKEN"),
        settings.state / "monitor",
    )


def mlflow(settings: Settings) -> MlflowRegistry:
    """Registered models of one MLflow server."""
    return MlflowRegistry(settings.tracking_uri)


def kuberay(settings: Settings, api: KubeApi, cluster: KubeCluster) -> KuberayServing:
    """A RayService of its own for each service."""
    pods = PodSettings(
        image=settings.need("TRIMTAB_SERVING_IMAGE"),
        **_access(settings),
        store=settings.environment.get("TRIMTAB_STORE", ""),
    )
    return KuberayServing(api, cluster, pods, routes=settings.environment.get("TRIMTAB_ROUTES") == "true")


def job(settings: Settings, api: KubeApi, _: KubeCluster) -> JobPipelines:
    """A Job for each run."""
    return JobPipelines(api, MlflowResults(settings.tracking_uri), _training_pods(settings))


def kfp(settings: Settings) -> KfpPipelines:
    """Runs on a Kubeflow Pipelines server."""
    results = MlflowResults(settings.tracking_uri)
    pipeline = yaml.safe_load(_compiled().read_text())
    return KfpPipelines(KfpApi(settings.need("TRIMTAB_KFP_URL")), results, _training_pods(settings), pipeline)


def _compiled() -> Path:
    """The compiled pipeline, which lies beside the operator as a file: the package that made it is not imported."""
    package = find_spec("trimtab_pipelines")
    if package is None or package.origin is None:
        raise SystemExit("trimtab: the compiled pipeline is not installed")
    return Path(package.origin).parent / "compiled" / "train.yaml"


def _training_pods(settings: Settings) -> TrainingPods:
    return TrainingPods(
        image=settings.need("TRIMTAB_TRAINER_IMAGE"),
        store=settings.need("TRIMTAB_STORE"),
        tracking_uri=settings.tracking_uri,
        pools=_pools(settings.environment.get("TRIMTAB_POOLS")),
        **_access(settings),
        tracking_secret=settings.environment.get("TRIMTAB_TRACKING_SECRET", ""),
        service_account=settings.environment.get("TRIMTAB_KFP_SERVICE_ACCOUNT", ""),
    )


def _access(settings: Settings) -> dict[str, str]:
    """How pods get at images and at the store, the same for training and serving."""
    return {
        "pull_policy": settings.environment.get("TRIMTAB_PULL_POLICY") or "IfNotPresent",
        "pull_secret": settings.environment.get("TRIMTAB_PULL_SECRET", ""),
        "storage_secret": settings.environment.get("TRIMTAB_STORAGE_SECRET", ""),
    }


def _pools(file: str | None) -> PoolTable:
    try:
        return PoolTable.parse(Path(file).read_text() if file else "")
    except (OSError, ValueError) as error:
        raise SystemExit(f"trimtab: TRIMTAB_POOLS={file}: {error}") from error


_KNOWN: Mapping[str, Factory] = {"local": local, "ray": ray, "mlflow": mlflow, "kfp": kfp}
_ON_CLUSTER: Mapping[str, FactoryOnCluster] = {"kuberay": kuberay, "job": job}
_WITH_PODS = frozenset({"kuberay", "job", "kfp"})


def world(settings: Settings, api: KubeApi, cluster: KubeCluster) -> World:
    """All the ports, as the settings say."""
    names = {"PIPELINES": settings.engine("PIPELINES", "local"), "SERVING": settings.engine("SERVING", "ray")}

    def engine(name: str) -> Any:
        return _ON_CLUSTER[name](settings, api, cluster) if name in _ON_CLUSTER else _engine(name)(settings)

    return World(
        cluster=cluster,
        pipelines=engine(names["PIPELINES"]),
        serving=engine(names["SERVING"]),
        registry=engine(settings.engine("REGISTRY", "mlflow")),
        artifacts=StoredArtifacts(local=_WITH_PODS.isdisjoint(names.values())),
        recorder=EventRecorder(api, settings.identity),
        clock=SystemClock(),
    )


async def close(world: World) -> None:
    """Let engines that hold connections let go of them."""
    for engine in (world.pipelines, world.serving, world.registry):
        if hasattr(engine, "close"):
            await engine.close()


def _engine(name: str) -> Factory:
    if name in _KNOWN:
        return _KNOWN[name]
    module, found, factory = name.partition(":")
    if not found:
        known = ", ".join(sorted({**_KNOWN, **_ON_CLUSTER}))
        raise SystemExit(f"trimtab: there is no engine {name!r}; known are {known}, or module:factory")
    engine: Factory = getattr(import_module(module), factory)
    return engine
