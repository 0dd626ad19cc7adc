"""trimtab, installed as its users do it: our charts by the real Helm, our images, restricted namespaces."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.node.machine.node import Node
from tests.node.platform import neighbours
from tests.node.platform.kuberay import restricted
from tests.support import gotools

KINDS = ("inferenceservices", "trainingruns", "modelversions")
RELEASE, NAMESPACE = "trimtab", "trimtab-system"
STORAGE_SECRET = "trimtab-storage"  # noqa: S105 - its name
CHARTS = Path(__file__).resolve().parents[3] / "charts"


@dataclass(frozen=True)
class Trimtab:
    """One installation."""

    node: Node

    def install(self, charts: Path = CHARTS, **values: Any) -> None:
        """Install kinds and operator, or upgrade to these charts and values; returns when the operator is ready."""
        self.node.apply(restricted(NAMESPACE), neighbours.storage_secret(STORAGE_SECRET, NAMESPACE))
        file = self._values(**values)
        self.helm("upgrade", "--install", "trimtab-crds", str(charts / "trimtab-crds"))
        self.helm("upgrade", "--install", RELEASE, str(charts / "trimtab"), f"--values={file}")

    def uninstall(self) -> None:
        """Take operator and kinds away, as docs/uninstall.md has it; the chart of the kinds keeps them by itself."""
        self.helm("uninstall", RELEASE)
        self.helm("uninstall", "trimtab-crds")
        self.node.kubectl("delete", "crd", *(f"{kind}.trimtab.dev" for kind in KINDS))

    def helm(self, *arguments: str, patience: float = 240.0) -> str:
        """Run Helm in the operator's namespace, and wait for what it does; `patience` is in seconds."""
        kubeconfig = self.node.place.kubeconfig("admin")
        wait = ["--wait", f"--timeout={patience:.0f}s"]
        command = [gotools.binary("helm"), f"--kubeconfig={kubeconfig}", f"--namespace={NAMESPACE}", *arguments, *wait]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=patience + 30)
        assert done.returncode == 0, f"helm {' '.join(arguments)}: {done.stderr}\n{self.said()}"
        return done.stdout

    def follow(self, *commands: str) -> None:
        """Type commands of docs/ as its readers do, in a folder with these charts and values."""
        place = self.node.place
        self._values()
        if not (charts := place.state / "charts").exists():
            charts.symlink_to(CHARTS)
        programs = f"{gotools.binary('helm').parent}:{Path(place.program('kubectl')).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": programs, "KUBECONFIG": str(place.kubeconfig("admin"))}
        for command in commands:
            shell = {"shell": True, "cwd": place.state, "env": environment, "timeout": 300}
            done = subprocess.run(command, **shell, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{command}: {done.stderr}\n{self.said()}"

    def image(self) -> str:
        """The operator's."""
        return _image(self.node.get("deployment", RELEASE, "-n", NAMESPACE))

    def replica_sets(self) -> list[str]:
        """Those whose pods run, or ran, this operator and not that of another release."""
        found = self.node.get("replicasets", "-n", NAMESPACE, f"--selector=app.kubernetes.io/instance={RELEASE}")
        return [one["metadata"]["name"] for one in found["items"] if _image(one) == self.image()]

    def said(self) -> str:
        """What the operator said last, and how its pods are."""
        pods = self.node.kubectl("get", "pods", "-A", "-o", "wide", check=False).stdout
        where = ("-n", NAMESPACE, f"--selector=app.kubernetes.io/instance={RELEASE}")
        return f"{pods}\n{self.node.kubectl('logs', *where, '--tail=60', check=False).stdout}"

    def admit(self, namespace: str) -> None:
        """Make a restricted namespace in which models may be trained and served."""
        self.node.apply(restricted(namespace), neighbours.storage_secret(STORAGE_SECRET, namespace))

    def _values(self, **values: Any) -> Path:
        """The values' file: what this node needs, and these."""
        needed = {
            "imagePullPolicy": "Never",
            "mlflow": {"uri": neighbours.mlflow_uri()},
            "storage": {"uri": f"s3://{neighbours.BUCKET}/trimtab", "secret": STORAGE_SECRET},
        }
        file = self.node.place.state / "values.yaml"
        file.write_text(yaml.safe_dump(needed | values))
        return file


def _image(workload: dict[str, Any]) -> str:
    return str(workload["spec"]["template"]["spec"]["containers"][0]["image"])
