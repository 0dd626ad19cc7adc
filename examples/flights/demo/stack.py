"""The sandbox, started and stopped by its own command, in a state folder of this run."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from examples.flights.demo.errors import DemoError
from examples.flights.demo.settings import ROOT

TRIMTAB = ROOT / ".venv" / "operator" / "bin" / "trimtab"
# A sandbox that cannot say its environment ends the run: without it, kubectl would speak to any cluster it finds.
ENVIRONMENT = 'told=$("$0" env --state "$1") && eval "$told" && env -0'


@dataclass(frozen=True)
class Stack:
    """One sandbox, in a folder."""

    state: Path

    async def up(self) -> dict[str, str]:
        """Start it; return the environment a person would work in: KUBECONFIG, kubectl on PATH and the rest."""
        await _run(str(TRIMTAB), "up", "--state", str(self.state))
        shown = await _run("bash", "-c", ENVIRONMENT, str(TRIMTAB), str(self.state), quiet=True)
        return dict(line.split("=", 1) for line in shown.split("\0") if "=" in line)

    async def tell(self) -> None:
        """Print how each part is, for someone who must find out what went wrong."""
        with suppress(DemoError):  # the error that is being told about matters more
            await _run(str(TRIMTAB), "status", "--state", str(self.state))

    async def down(self) -> None:
        """Stop it; nothing is left running."""
        await _run(str(TRIMTAB), "down", "--state", str(self.state))


async def apply(folder: Path, environment: dict[str, str]) -> None:
    """`kubectl apply` the manifests of a folder."""
    await _run("kubectl", "apply", "-f", str(folder), environment=environment)


async def _run(*command: str, quiet: bool = False, environment: dict[str, str] | None = None) -> str:
    out = asyncio.subprocess.PIPE if quiet else None
    process = await asyncio.create_subprocess_exec(*command, stdout=out, env=environment)
    printed, _ = await process.communicate()
    if process.returncode:
        raise DemoError(f"{' '.join(command)} ended with status {process.returncode}; what it said stands above")
    return (printed or b"").decode()
