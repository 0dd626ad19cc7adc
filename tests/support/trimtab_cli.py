"""The command `trimtab` as a person runs it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Trimtab:
    """The command, for one state folder."""

    state: Path

    def __call__(self, *arguments: str, check: bool = True, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a subcommand, in an environment that names no cluster beyond what is given."""
        program = Path(sys.executable).parent / "trimtab"
        inherited = {name: value for name, value in os.environ.items() if name not in {"KUBECONFIG", "TRIMTAB_STATE"}}
        command = [str(program), *arguments, "--state", str(self.state)]
        done = subprocess.run(command, capture_output=True, text=True, env=inherited | environ, check=False)
        assert not check or done.returncode == 0, done.stderr
        return done

    def parts(self) -> dict[str, dict[str, Any]]:
        """What `status -o json` says, by part."""
        return {part["part"]: part for part in json.loads(self("status", "-o", "json").stdout)["parts"]}

    def environment(self) -> dict[str, str]:
        """What `env` exports, as a shell sees it."""
        script = f"{self('env').stdout}\nexec env -0"
        shown = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
        return dict(line.split("=", 1) for line in shown.split("\0") if line)
