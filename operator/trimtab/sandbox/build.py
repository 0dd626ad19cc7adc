"""Building the control plane with Go, once for each version; see `programs` for where it comes from otherwise.

Each program is built under another name and renamed when it is whole, so a build that was cut off is simply completed.
"""

import asyncio
import contextlib
import fcntl
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

from trimtab.sandbox.errors import BuildFailed
from trimtab.sandbox.golang import toolchain
from trimtab.sandbox.programs import SOURCE, Versions, cached_programs, missing

SETTINGS = {"GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
# Told: the program, how many packages have been compiled so far, and whether it is done.
Progress = Callable[[str, int, bool], None]


async def build(progress: Progress = lambda *_: None, folder: Path | None = None) -> Path:
    """The folder of programs, after building those it lacks.

    Raises: NoControlPlane when there is no Go; BuildFailed with the compiler's last lines.
    """
    versions = Versions.read()
    folder = folder or cached_programs(versions)
    if not missing(folder):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    async with _alone(folder / ".lock"):
        go = await toolchain(versions.go)
        for name in missing(folder):
            await _compile(go, name, versions, folder, progress)
    return folder


def arguments(name: str, versions: Versions) -> list[str]:
    """How `go build` is told to build a program: its flags and its package."""
    if name == "etcd":
        return ["-ldflags", "-s -w", "./etcd"]
    major, minor, _ = versions.kubernetes.split(".", 2)
    stamps = {
        "k8s.io/component-base/version.gitVersion": f"v{versions.kubernetes}",
        "k8s.io/component-base/version.gitMajor": major,
        "k8s.io/component-base/version.gitMinor": minor,
        "k8s.io/client-go/pkg/version.gitVersion": f"v{versions.kubernetes}",
    }
    flags = " ".join(["-s -w", *(f"-X {variable}={value}" for variable, value in stamps.items())])
    return ["-ldflags", flags, f"k8s.io/kubernetes/cmd/{name}"]


async def _compile(go: Path, name: str, versions: Versions, folder: Path, progress: Progress) -> None:
    progress(name, 0, False)  # noqa: FBT003 - the callback's own order
    draft = folder / f".{name}.{os.getpid()}"
    process = await asyncio.create_subprocess_exec(
        *(str(go), "build", "-v", "-trimpath", "-o", str(draft), *arguments(name, versions)),
        cwd=SOURCE,
        env=_environment(os.environ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    said: deque[str] = deque(maxlen=20)
    compiled = 0
    try:
        async for line in process.stderr or _nothing():
            said.append(line.decode(errors="replace").rstrip())
            compiled += 1
            progress(name, compiled, False)  # noqa: FBT003 - the same
        if await process.wait():
            raise BuildFailed(f"{name} could not be built by {go}:\n" + "\n".join(f"  | {text}" for text in said))
        draft.replace(folder / name)
    finally:
        if process.returncode is None:
            process.terminate()
        draft.unlink(missing_ok=True)
    progress(name, compiled, True)  # noqa: FBT003 - the same


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {**environ, **SETTINGS}


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


@contextlib.asynccontextmanager
async def _alone(file: Path) -> AsyncIterator[None]:
    """Two sandboxes that start at once build once."""
    with file.open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield
