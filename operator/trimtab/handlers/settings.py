"""Where the operator finds the world, by environment variables.

KUBECONFIG               the API server; without it a pod's own service account
MLFLOW_TRACKING_URI      the registry; MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN,
                         where it asks for credentials
TRIMTAB_RAY_DASHBOARD    Ray's dashboard, where Serve is told what to serve
TRIMTAB_SERVE_URL        base of the endpoints; TRIMTAB_SERVE_PORT the port Serve listens on, and TRIMTAB_SERVE_HOST the
                         addresses: all of them, unless it is said
RAY_AUTH_TOKEN           Ray's token, if it asks for one
TRIMTAB_RUNTIME_PYTHON   the interpreter with the runtime's packages
TRIMTAB_STATE            folder for pipeline runs and monitors
TRIMTAB_POLL             seconds between looks at pipelines and monitors
TRIMTAB_HEALTH_PORT      port of /healthz, /readyz and /metrics on TRIMTAB_HEALTH_HOST; 0 takes a free one
TRIMTAB_NAMESPACE        namespace of the Lease; TRIMTAB_LEASE_SECONDS how long it lasts
TRIMTAB_IDENTITY         the holder's name: the same after a restart (a pod's name; here host and state folder)
TRIMTAB_WATCHDOG         seconds between proofs that the watches flow
TRIMTAB_PIPELINES        local, job, or kfp, or module:factory for another engine; likewise
    TRIMTAB_SERVING          ray, or kuberay, and
    TRIMTAB_REGISTRY         mlflow

Engines that make pods:

TRIMTAB_SERVING_IMAGE    image of the serving pods; TRIMTAB_PULL_POLICY and TRIMTAB_PULL_SECRET say how it is pulled
TRIMTAB_ROUTES           true: make HTTPRoutes for services that ask for one; the rights for it are granted with it
TRIMTAB_TRAINER_IMAGE    image of the training pods
TRIMTAB_STORE            folder of an object store, e.g. s3://models/trimtab: training keeps snapshots and models there,
                         and monitors a copy of their memory
TRIMTAB_KFP_URL          API of the Kubeflow Pipelines server; TRIMTAB_KFP_SERVICE_ACCOUNT the account of its pods
TRIMTAB_POOLS            file with the pools of graphics cards (trimtab.pools); without it there are none
TRIMTAB_STORAGE_SECRET   Secret in the object's namespace whose keys are the environment that reaches the store (AWS_…)
TRIMTAB_TRACKING_SECRET  Secret in the run's namespace whose keys are MLflow's credentials (MLFLOW_TRACKING_…)
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from trimtab.mlflow_access import VARIABLES


@dataclass(frozen=True)
class Settings:
    """All that can be set, read once."""

    environment: Mapping[str, str]
    watched: tuple[str, ...] = ()  # the only namespaces that are watched; none: all

    @property
    def places(self) -> tuple[str | None, ...]:
        """Where is watched: each of the namespaces, or None, which is everywhere."""
        return self.watched or (None,)

    def _get(self, name: str, default: Any) -> str:
        return self.environment.get(name) or str(default)

    @property
    def state(self) -> Path:
        """Folder for pipeline runs and monitors."""
        return Path(self._get("TRIMTAB_STATE", ".trimtab")).absolute()

    @property
    def poll(self) -> float:
        """Seconds between looks at pipelines and monitors."""
        return float(self._get("TRIMTAB_POLL", 1.0))

    @property
    def health(self) -> tuple[str, int]:
        """Host and port of the health endpoint."""
        return self._get("TRIMTAB_HEALTH_HOST", "127.0.0.1"), int(self._get("TRIMTAB_HEALTH_PORT", 0))

    @property
    def namespace(self) -> str:
        """Namespace of the Lease."""
        return self._get("TRIMTAB_NAMESPACE", "trimtab-system")

    @property
    def lease_seconds(self) -> float:
        """How long the Lease lasts."""
        return float(self._get("TRIMTAB_LEASE_SECONDS", 30))

    @property
    def identity(self) -> str:
        """The holder's name: the same after a restart."""
        return self._get("TRIMTAB_IDENTITY", f"{socket.gethostname()}:{self.state}")

    @property
    def shares_identity(self) -> bool:
        """Whether another process on this host and state folder would have the same identity."""
        return not self.environment.get("TRIMTAB_IDENTITY")

    @property
    def watchdog_seconds(self) -> float:
        """Seconds between proofs that the watches flow."""
        return float(self._get("TRIMTAB_WATCHDOG", 30))

    @property
    def object_store(self) -> dict[str, str]:
        """How an S3 store is reached, in the variables of its clients."""
        return {name: value for name, value in self.environment.items() if name.startswith("AWS_")}

    @property
    def tracking_uri(self) -> str:
        """MLflow's address; it is told in conditions and in pods, so it must not hold credentials."""
        uri = self.need("MLFLOW_TRACKING_URI")
        if "@" in urlsplit(uri).netloc:
            raise SystemExit(f"trimtab: MLFLOW_TRACKING_URI holds credentials: put them into {', '.join(VARIABLES)}")
        return uri

    @property
    def tracking(self) -> dict[str, str]:
        """How MLflow is reached, in the variables of its own client."""
        known = {name: self.environment[name] for name in VARIABLES if name in self.environment}
        return {"MLFLOW_TRACKING_URI": self.tracking_uri, **known}

    def engine(self, part: str, default: str) -> str:
        """Which engine a port is to use."""
        return self._get(f"TRIMTAB_{part}", default)

    def need(self, name: str) -> str:
        """A setting that an engine cannot do without."""
        value = self.environment.get(name)
        if not value:
            raise SystemExit(f"trimtab: the environment variable {name} is not set; see trimtab.handlers.settings")
        return value
