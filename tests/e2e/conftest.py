"""Runs of the demonstration as a person starts them, each in a folder of its own."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / ".venv" / "runtime" / "bin" / "python"
TRIMTAB = ROOT / ".venv" / "operator" / "bin" / "trimtab"


@dataclass(frozen=True)
class Demo:
    """A run of the demonstration that has ended."""

    folder: Path
    status: int
    said: str

    @property
    def result(self) -> dict[str, Any]:
        assert self.status == 0, self.said[-6000:]
        return json.loads((self.folder / "result.json").read_text())


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Callable[..., Demo]:
    def run(*options: str) -> Demo:
        folder = tmp_path_factory.mktemp("demo") / "run"
        command = [str(RUNTIME), "-m", "examples.flights.demo", "--folder", str(folder), *options]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return Demo(folder, ended.returncode, ended.stdout + ended.stderr)

    return run


@pytest.fixture(scope="session")
def still(demo) -> Iterator[Demo]:
    """A spring with its days in random order; its stack stays up until the tests have looked at it."""
    world = demo("--quick", "--shuffle-days", "1", "--keep")
    yield world
    subprocess.run([str(TRIMTAB), "down", "--state", str(world.folder / "stack")], capture_output=True, check=True)
