"""MLflow and an S3 store, as processes beside the node; their names in the cluster are `mlflow` and `s3`."""

from dataclasses import dataclass
from pathlib import Path

from tests.node.machine.neighbour import Manifest, service
from tests.node.machine.node import Node
from tests.node.machine.place import DOMAIN, GATEWAY, Place
from tests.support import gotools
from tests.support.servers import ACCESS_KEY, REGION, RUNTIME_PYTHON, SECRET_KEY
from trimtab.sandbox.network import free
from trimtab.sandbox.part import Part, Probe

NAMESPACE = "platform"
BUCKET = "models"
MLFLOW_PORT, S3_PORT = 5000, 9000  # of the Services


@dataclass(frozen=True)
class Neighbours:
    """The two, at ports of the bridge."""

    node: Node
    mlflow_port: int
    s3_port: int

    @classmethod
    def start(cls, node: Node) -> "Neighbours":
        """Start both and give them names in the cluster; returns when they answer."""
        ports = free()
        found = cls(node, next(ports), next(ports))
        (found.objects / BUCKET).mkdir(parents=True)
        node.start(found.mlflow(), found.s3())
        node.apply(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
            *service("mlflow", NAMESPACE, {"http": (MLFLOW_PORT, found.mlflow_port)}),
            *service("s3", NAMESPACE, {"http": (S3_PORT, found.s3_port)}),
        )
        return found

    @property
    def place(self) -> Place:
        """The node's."""
        return self.node.place

    @property
    def objects(self) -> Path:
        """The folder of buckets; a file below it is an object."""
        return self.place.state / "s3"

    @property
    def mlflow_url(self) -> str:
        """MLflow, as this process finds it."""
        return f"http://{GATEWAY}:{self.mlflow_port}"

    def mlflow(self) -> Part:
        """Tracking and registry on SQLite, files through the server: pods need no rights on the store for them."""
        hosts = [f"mlflow.{NAMESPACE}{rest}" for rest in ("", ".svc", f".svc.{DOMAIN}")]
        return Part(
            name="mlflow",
            command=(
                str(RUNTIME_PYTHON),
                *("-m", "mlflow", "server"),
                f"--host={GATEWAY}",
                f"--port={self.mlflow_port}",
                "--workers=1",
                f"--backend-store-uri=sqlite:///{self.place.state / 'mlflow.db'}",
                f"--artifacts-destination={(self.place.state / 'mlflow').as_uri()}",
                f"--allowed-hosts={','.join([*(f'{host}:{MLFLOW_PORT}' for host in hosts), f'{GATEWAY}:*'])}",
            ),
            env={"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            probes=(Probe(f"{self.mlflow_url}/health"),),
            patience=180.0,
        )

    def s3(self) -> Part:
        """A folder spoken to as S3."""
        return Part(
            name="s3",
            command=(
                str(gotools.binary("versitygw")),
                *(f"--access={ACCESS_KEY}", f"--secret={SECRET_KEY}", f"--region={REGION}"),
                f"--port={GATEWAY}:{self.s3_port}",
                "--health=/health",
                *("posix", str(self.objects)),
            ),
            probes=(Probe(f"http://{GATEWAY}:{self.s3_port}/health"),),
            patience=60.0,
        )


def mlflow_uri() -> str:
    """MLflow, as pods find it."""
    return f"http://mlflow.{NAMESPACE}.svc.{DOMAIN}:{MLFLOW_PORT}"


def storage_secret(name: str, namespace: str) -> Manifest:
    """What lets pods of a namespace into the store, as environment variables."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "stringData": {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": f"http://s3.{NAMESPACE}.svc.{DOMAIN}:{S3_PORT}",
            "AWS_ALLOW_HTTP": "true",
        },
    }
