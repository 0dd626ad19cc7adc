"""All that the declarations of the parts need to know about this machine and this sandbox."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from trimtab.sandbox.layout import Layout
from trimtab.sandbox.network import HOST, Addresses

CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Cluster:
    """Where Kubernetes comes from: either a kubeconfig of the user's, or a folder of programs to start."""

    kubeconfig: Path | None = None
    programs: Path | None = None

    def save(self, file: Path) -> None:
        """Remember the choice for the commands that come after `up`."""
        file.write_text(json.dumps({"kubeconfig": _text(self.kubeconfig), "programs": _text(self.programs)}))

    @classmethod
    def load(cls, file: Path) -> "Cluster | None":
        """The remembered choice, if there is one."""
        if not file.exists():
            return None
        known = json.loads(file.read_text())
        return cls(**{name: Path(value) if value else None for name, value in known.items()})


@dataclass(frozen=True)
class Site:
    """One sandbox on one machine."""

    layout: Layout
    addresses: Addresses
    cluster: Cluster
    checkout: Path = CHECKOUT

    @property
    def admin_kubeconfig(self) -> Path:
        """The cluster's administrator: the user's own file, or ours."""
        return self.cluster.kubeconfig or self.layout.admin_kubeconfig

    @property
    def operator_python(self) -> Path:
        """The interpreter with the operator's packages: this one."""
        return Path(sys.executable)

    @property
    def runtime_python(self) -> Path:
        """The interpreter with the runtime's packages: pipeline steps, MLflow, Ray."""
        return runtime_python(self.checkout)

    @property
    def detector_python(self) -> Path:
        """The interpreter with alibi-detect, for those who choose one of its detectors; it need not be there."""
        chosen = os.environ.get("TRIMTAB_DETECTOR_PYTHON")
        return Path(chosen) if chosen else self.checkout / ".venv" / "detector" / "bin" / "python"

    def program(self, name: str) -> str:
        """The path of one of the control plane's programs."""
        return str((self.cluster.programs or Path()) / name)

    def url(self, port: int, path: str = "", scheme: str = "http") -> str:
        """An address on the loopback interface."""
        return f"{scheme}://{HOST}:{port}{path}"


def runtime_python(checkout: Path = CHECKOUT) -> Path:
    """The interpreter with the runtime's packages; it need not be there."""
    chosen = os.environ.get("TRIMTAB_RUNTIME_PYTHON")
    return Path(chosen) if chosen else checkout / ".venv" / "runtime" / "bin" / "python"


def _text(path: Path | None) -> str | None:
    return str(path) if path else None
