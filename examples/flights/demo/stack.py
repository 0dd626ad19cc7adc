"""The sandbox, started and stopped by its own command, in a state folder of this run."""

import asyncio
import os
from pathlib import Path

from examples.flights.demo.errors import DemoError
from examples.flights.demo.settings import ROOT

TRIMTAB = ROOT / ".venv" / "operator" / "bin" / "trimtab"


class Stack:
    """One sandbox."""

    def __init__(self, state: Path) -> None:
        self.state = state

    async def up(self) -> dict[str, str]:
        """Start it; return the environment a person would work in (KUBECONFIG and the rest)."""
        await self._run("up")
        shown = await self._run("env", quiet=True)
        lines = (line.removeprefix("export ").partition("=") for line in shown.splitlines() if "=" in line)
        return os.environ | {name: value.strip("'\"") for name, _, value in lines}

    async def down(self) -> None:
        """Stop it; nothing is left running."""
        await self._run("down")

    async def _run(self, verb: str, *, quiet: bool = False) -> str:
        out = asyncio.subprocess.PIPE if quiet else None
        process = await asyncio.create_subprocess_exec(str(TRIMTAB), verb, "--state", str(self.state), stdout=out)
        printed, _ = await process.communicate()
        if process.returncode:
            raise DemoError(f"trimtab {verb} ended with status {process.returncode}; what it said stands above")
        return (printed or b"").decode()


async def apply(folder: Path, environment: dict[str, str]) -> None:
    """`kubectl apply` the manifests of a folder."""
    process = await asyncio.create_subprocess_exec("kubectl", "apply", "-f", str(folder), env=environment)
    if await process.wait():
        raise DemoError(f"kubectl apply -f {folder} failed; what it said stands above")
