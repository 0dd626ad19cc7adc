"""Building a program of the table, once for each version; two callers at once build it once."""

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from tests.support.gotools import debian
from tests.support.gotools.table import TOOLS, Tool
from trimtab.sandbox.golang import toolchain
from trimtab.sandbox.programs import cache as kept

GO = (1, 26)  # the newest that a module of the table asks for


class BuildFailed(Exception):  # noqa: N818 - reads as what it says
    """Go could not fetch or build something; the text ends with its last lines."""


def binary(name: str) -> Path:
    """The program, built unless it is kept already.

    Raises: KeyError for a name the table lacks; BuildFailed with the compiler's last lines; NoControlPlane without Go.
    """
    tool = TOOLS[name]
    program = kept() / "tools" / tool.folder / name
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        with _alone(program.parent / ".lock"):
            if not program.exists():
                _build(tool, program)
    return program


def module(path: str, version: str) -> Path:
    """The read-only folder of a downloaded module.

    Raises: BuildFailed when it cannot be had.
    """
    said = _go(["mod", "download", "-json", f"{path}@{version}"], Path("/"), {"GOFLAGS": "-mod=mod"})
    return Path(json.loads(said)["Dir"])


def _build(tool: Tool, program: Path) -> None:
    begun = time.monotonic()
    _say(f"building {tool.name} {tool.version} (once; it may take minutes)")
    draft = program.with_name(f".{tool.name}.{os.getpid()}")
    try:
        with _source(tool) as folder:
            _go(_arguments(tool, draft), folder, _environment(tool))
        draft.replace(program)
    finally:
        draft.unlink(missing_ok=True)
    _say(f"built {tool.name} in {time.monotonic() - begun:.0f} s: {program}")


def _arguments(tool: Tool, draft: Path) -> list[str]:
    tags = ["-tags", tool.tags] if tool.tags else []
    return ["build", "-trimpath", *tags, "-ldflags", tool.ldflags, "-o", str(draft), tool.package]


def _environment(tool: Tool) -> dict[str, str]:
    settings = {"GOFLAGS": "-mod=readonly", "CGO_ENABLED": "1" if tool.cgo else "0"}
    return settings | (debian.compiler(tool.debian) if tool.debian else {})


@contextlib.contextmanager
def _source(tool: Tool) -> Iterator[Path]:
    """The folder to build in: ours, or a copy of the module, which is read-only where it lies."""
    if tool.source:
        yield tool.source
        return
    with tempfile.TemporaryDirectory(prefix=f"tt-{tool.name}-") as folder:
        copy = Path(folder) / "module"
        shutil.copytree(module(tool.module, tool.version), copy, copy_function=shutil.copyfile)
        for directory in (copy, *(path for path in copy.rglob("*") if path.is_dir())):
            directory.chmod(0o755)
        if tool.main:
            place = copy / tool.package
            place.mkdir()
            shutil.copyfile(tool.main, place / "main.go")
        yield copy


def _go(arguments: list[str], folder: Path, settings: dict[str, str]) -> str:
    command = [str(_toolchain()), *arguments]
    environment = {**os.environ, "GOTOOLCHAIN": "local", **settings}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join(f"  | {line}" for line in (done.stderr or done.stdout).splitlines()[-20:])
        raise BuildFailed(f"go {' '.join(arguments)}\n{last}")
    return done.stdout


@cache
def _toolchain() -> Path:
    """Go; asked for in a thread, as whoever needs a program may have an event loop of its own in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, toolchain(GO)).result()


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    print(f"gotools: {text}", file=sys.stderr, flush=True)  # noqa: T201 - a build of minutes must not look like a hang
