"""The operator as a process of its own, against a real API server and the outside of the test."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.support.controlplane import ControlPlane

ROOT = Path(__file__).resolve().parents[2]


def environment(plane: ControlPlane, outside: str, state: Path, namespace: str) -> dict[str, str]:
    """What the operator is told; its Lease lies in the namespace it watches, so that many can run side by side."""
    engines = "tests.support.outside_engines"
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'operator'}:{ROOT}",
        "KUBECONFIG": str(plane.operator_kubeconfig),
        "OUTSIDE_URL": outside,
        "TRIMTAB_PIPELINES": f"{engines}:pipelines",
        "TRIMTAB_SERVING": f"{engines}:serving",
        "TRIMTAB_REGISTRY": f"{engines}:registry",
        "TRIMTAB_STATE": str(state),
        "TRIMTAB_NAMESPACE": namespace,
        "TRIMTAB_POLL": "0.1",
    }


@dataclass
class OperatorProcess:
    """One life of the operator."""

    environment: dict[str, str]
    log: Path
    arguments: tuple[str, ...] = ()
    module: str = "trimtab.handlers"
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self) -> Self:
        command = [sys.executable, "-m", self.module, *self.arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, cwd=ROOT)
        return self

    def end(self, by: int = signal.SIGTERM) -> int:
        """Send a signal and wait; returns the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(timeout=20)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.end(signal.SIGKILL)

    @property
    def said(self) -> str:
        return self.log.read_text()
