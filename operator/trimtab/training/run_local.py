"""One pipeline run on this machine: `python -m trimtab.training.run_local <folder> <store>`.

    request.json   what was asked, written once, before the run starts
    state.json     how far it is
    run.lock       locked by this process for its life, holds its process id
    cancelled      there when the run shall not begin, or was ended on purpose
    run.log        everything the steps print

A second process for the same run ends at once; whoever finds the lock free and no terminal state knows that the run
died.
"""

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trimtab.contract.run import RunState
from trimtab.training.record.workspace import Workspace
from trimtab.training.runner import ended, run

_PATIENCE = 2.0  # seconds; whoever looks whether a run lives holds the lock for an instant


def main(folder: str, store: str) -> int:
    """Run what the folder's request asks for, unless it ran, runs, or was cancelled."""
    place = Path(folder)
    with _locked(place / "run.lock") as mine:
        if not mine or (place / "cancelled").exists():
            return 0
        workspace = Workspace((place / "request.json").read_text(), folder)
        if workspace.read() is not None:
            return 0
        workspace.write(RunState(phase="Running"))
        finished = run(workspace, store, place)
        workspace.write(ended(workspace.read(), finished=finished))
        return 0 if finished else 1


@contextmanager
def _locked(lock: Path) -> Iterator[bool]:
    with lock.open("a+") as file:
        mine = _take(file.fileno())
        if mine:
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        yield mine


def _take(descriptor: int) -> bool:
    until = time.monotonic() + _PATIENCE
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
