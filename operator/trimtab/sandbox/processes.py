"""Processes, as the kernel tells of them: started in a session of their own, known by pid and start time together.

Linux only: /proc is read. A pid alone is never trusted, for the kernel gives it out again.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
MARK = "TRIMTAB_SANDBOX_PART"  # in the environment of each part and of all it starts: "<state folder>:<part>"


@dataclass(frozen=True)
class Process:
    """One process; `started` is in clock ticks since boot."""

    pid: int
    started: int


@dataclass(frozen=True)
class _Stat:
    state: str
    parent: int
    session: int
    started: int


def spawn(command: Sequence[str], env: Mapping[str, str], log: Path) -> Process:
    """Start a command in a new session, both outputs appended to the log, no input.

    Raises: OSError when the program cannot be started.
    """
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    pid = os.posix_spawn(command[0], list(command), dict(env), file_actions=files, setsid=True)
    return Process(pid, started(pid))


def started(pid: int) -> int:
    """When a process started, in clock ticks since boot; 0 when there is none."""
    stat = _stat(pid)
    return stat.started if stat else 0


def alive(process: Process) -> bool:
    """Whether it still runs; a zombie does not."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)
    stat = _stat(process.pid)
    return stat is not None and stat.started == process.started and stat.state != "Z"


def marked(mark: str) -> set[Process]:
    """Every process whose environment carries this mark."""
    wanted = f"{MARK}={mark}".encode()
    return {Process(pid, stat.started) for pid, stat in _all() if wanted in _environment(pid)}


def session(leader: Process) -> set[Process]:
    """All that still runs of the session this process leads or led."""
    everyone = dict(_all())
    if leader.pid in everyone and everyone[leader.pid].started != leader.started:
        return set()  # the kernel gave the pid to somebody else, so the session is gone
    return {Process(pid, stat.started) for pid, stat in everyone.items() if stat.session == leader.pid}


def descendants(ancestors: Iterable[Process]) -> set[Process]:
    """These processes and all that descend from them."""
    everyone = dict(_all())
    found = {process.pid for process in ancestors if alive(process)}
    while more := {pid for pid, stat in everyone.items() if stat.parent in found} - found:
        found |= more
    return {Process(pid, everyone[pid].started) for pid in found if pid in everyone}


async def end(processes: Iterable[Process], patience: float = 10.0) -> None:
    """Ask processes to end, parents before their children, who may know better how; kill what is left after `patience`.

    `patience` is in seconds.
    """
    left = {process for process in processes if alive(process)}
    asked: set[Process] = set()
    deadline = time.monotonic() + patience
    while left and time.monotonic() < deadline:
        for process in _roots(left) - asked:
            _signal(process, signal.SIGTERM)
            _signal(process, signal.SIGCONT)  # one that is stopped hears it only then
            asked.add(process)
        await asyncio.sleep(0.05)
        left = {process for process in left if alive(process)}
    for process in left:
        _signal(process, signal.SIGKILL)
    while any(map(alive, left)):
        await asyncio.sleep(0.02)


def _roots(processes: set[Process]) -> set[Process]:
    pids = {process.pid for process in processes}
    return {process for process in processes if (stat := _stat(process.pid)) and stat.parent not in pids}


def _signal(process: Process, number: signal.Signals) -> None:
    if alive(process):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)


def _all() -> Iterator[tuple[int, _Stat]]:
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))) and stat.state != "Z":
            yield int(entry.name), stat


def _stat(pid: int) -> _Stat | None:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    rest = text.rpartition(")")[2].split()  # the command's name may hold spaces and brackets
    return _Stat(state=rest[0], parent=int(rest[1]), session=int(rest[3]), started=int(rest[19]))


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
