"""Commands that are run once and waited for."""

import asyncio
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trimtab.sandbox.errors import CommandFailed
from trimtab.sandbox.site import Site

_AGAIN = 0.2
"""Seconds between two tries."""


async def output(*command: str, given: str | None = None) -> str:
    """What a command prints.

    Raises: CommandFailed, with what it said, when it ends with another status than 0.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE if given is not None else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(given.encode() if given is not None else None)
    if process.returncode:
        raise CommandFailed(f"{' '.join(command)[:200]}: {err.decode(errors='replace').strip()[-1000:]}")
    return out.decode()


@dataclass(frozen=True)
class Kubectl:
    """kubectl as the cluster's administrator."""

    program: str
    kubeconfig: Path

    @classmethod
    def of(cls, site: Site) -> "Kubectl":
        """The kubectl beside the control plane's programs, else the one on PATH."""
        beside = Path(site.program("kubectl"))
        program = str(beside) if site.cluster.programs and beside.exists() else shutil.which("kubectl")
        if program is None:
            raise CommandFailed("kubectl is neither beside the control plane's programs nor on PATH")
        return cls(program, site.admin_kubeconfig)

    async def __call__(self, *arguments: str, given: str | None = None) -> str:
        """Run one command."""
        return await output(self.program, f"--kubeconfig={self.kubeconfig}", *arguments, given=given)

    async def wait(self, condition: str, *objects: str, patience: float = 30.0) -> None:
        """Wait for what `kubectl wait --for` knows; it ends with an error at once while an object has no status yet.

        Raises: CommandFailed, with what kubectl said last, when it is not so within `patience` seconds.
        """
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            try:
                await self("wait", f"--for={condition}", f"--timeout={patience:.0f}s", *objects)
            except CommandFailed:
                if asyncio.get_running_loop().time() >= deadline:
                    raise
                await asyncio.sleep(_AGAIN)
            else:
                return

    async def apply(self, documents: Sequence[dict[str, Any]]) -> None:
        """Apply objects on the server's side."""
        items = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(documents)})
        await self(
            "apply", "--server-side", "--force-conflicts", "--field-manager=trimtab-sandbox", "-f", "-", given=items
        )
