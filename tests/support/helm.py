"""Real Helm, on our charts."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support import gotools

CHARTS = Path(__file__).parents[2] / "charts"


@dataclass(frozen=True)
class Helm:
    """The program, with a home of its own, and the cluster it speaks to if there is one."""

    program: Path
    home: Path
    kubeconfig: Path | None = None

    @classmethod
    def at(cls, home: Path, kubeconfig: Path | None = None) -> "Helm":
        """Helm that keeps what it remembers in this folder."""
        return cls(gotools.binary("helm"), home, kubeconfig)

    def __call__(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Helm."""
        homes = {f"HELM_{name}_HOME": str(self.home / name.lower()) for name in ("CACHE", "CONFIG", "DATA")}
        environment = {**os.environ, **homes, "KUBECONFIG": str(self.kubeconfig or self.home / "none")}
        done = subprocess.run(
            [self.program, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def rendered(self, chart: str, values: Path, *flags: str) -> str:
        """What `helm template` renders as the release `trimtab` in the namespace `trimtab-system`."""
        place = ("trimtab", CHARTS / chart, "--namespace=trimtab-system", f"--values={values}")
        return self("template", *place, *flags).stdout

    def objects(self, chart: str, values: Path, *flags: str) -> list[dict[str, Any]]:
        """The rendered objects."""
        return [
            document for document in yaml.load_all(self.rendered(chart, values, *flags), yaml.CSafeLoader) if document
        ]


def written(path: Path, values: Mapping[str, Any]) -> Path:
    """A values file."""
    path.write_text(yaml.safe_dump(dict(values)))
    return path
