"""One pipeline run in one process: `python -m trimtab.training.run_local <folder> <store>`.

Runs the compiled pipeline with kfp.local, each step in a fresh process of this same environment. Holds the folder's
lock for its life, so a second process for the same run ends at once; whoever finds the lock free and no terminal state
knows that the run died.
"""

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trimtab.contract.run import RunState
from trimtab.errors import TrimtabError
from trimtab.training.tracking import Tracking
from trimtab.training.workspace import Workspace, interrupted

_PATIENCE = 2.0  # seconds; whoever looks whether a run lives holds the lock for an instant
_CALLS = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "20"}


def main(folder: str, store: str) -> int:
    """Run what the folder's request asks for, unless it ran, runs, or was cancelled."""
    place = Workspace(Path(folder))
    with _locked(place.lock) as mine:
        if not mine or place.read() is not None or place.cancelled:
            return 0
        place.write(RunState(phase="Running"))
        _prepare(place)
        finished = _run(place, store)
        place.write(_ended(place, finished=finished))
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


def _prepare(place: Workspace) -> None:
    """What every step finds in its environment: its share of the processor, and short waits for MLflow."""
    scratch = place.folder / "scratch"
    scratch.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = str(scratch)
    os.environ["OMP_NUM_THREADS"] = place.request().spec.resources.cpu
    for name, value in _CALLS.items():
        os.environ.setdefault(name, value)


def _run(place: Workspace, store: str) -> bool:
    """Whether every step did its work; a step that did not left its reason in the state."""
    from kfp import components, local  # noqa: PLC0415  # seconds; a process that finds the run taken is gone before

    from trimtab_pipelines import COMPILED  # noqa: PLC0415  # the same

    local.init(local.SubprocessRunner(use_venv=False), pipeline_root=str(place.folder / "artifacts"))
    try:
        components.load_component_from_file(str(COMPILED))(workspace=str(place.folder), store=store)
    except RuntimeError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the run's log
        return False
    return True


def _ended(place: Workspace, *, finished: bool) -> RunState:
    state = place.read() or RunState(phase="Running")
    if finished:
        return state.model_copy(update={"phase": "Succeeded", "step": None})
    if state.report.mlflow_run_id is not None:
        with suppress(TrimtabError):  # for people who look at MLflow; the state says it anyway
            Tracking.from_environment().mark_failed(state.report.mlflow_run_id)
    failure = state.failure or interrupted(state.step)
    return state.model_copy(update={"phase": "Failed", "step": failure.step, "failure": failure})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
