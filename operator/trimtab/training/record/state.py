"""Where the state of a run lives: on the disk that runner and operator share, or, from pods, in MLflow.

An address says which: that of `trimtab.contract.told`, else the run's folder.

    state.json     RunState, replaced in one piece by whichever step is at work
    run.lock       locked by the runner for its life, holds its process id
"""

from pathlib import Path
from typing import Protocol

from trimtab.contract import told
from trimtab.contract.run import RunRequest, RunState
from trimtab.data.store import write_whole
from trimtab.training.record.lifeline import follow
from trimtab.training.record.tracking import Tracking


class StateHome(Protocol):
    """Keeps how far one run is."""

    def read(self) -> RunState | None: ...
    def write(self, state: RunState) -> None:
        """Replace the state in one piece."""
        ...

    def follow(self) -> None:
        """End this process with the runner that began it."""
        ...


def home_of(address: str, request: RunRequest) -> StateHome:
    """The home that the address names."""
    run = told.run_at(address)
    return FileState(Path(address)) if run is None else TrackedState(run, request)


class FileState:
    """State in a folder."""

    def __init__(self, folder: Path) -> None:
        self._state = folder / "state.json"
        self._lock = folder / "run.lock"

    def read(self) -> RunState | None:
        try:
            return RunState.model_validate_json(self._state.read_text())
        except FileNotFoundError:
            return None

    def write(self, state: RunState) -> None:
        write_whole(self._state, state.model_dump_json(by_alias=True, exclude_none=True).encode())

    def follow(self) -> None:
        if self._lock.exists():
            follow(self._lock)


class TrackedState:
    """State in the tags of the TrainingRun's MLflow run, which is made by the first who tells something."""

    def __init__(self, run: str, request: RunRequest) -> None:
        self._run, self._request = run, request
        self._tracking = Tracking.from_environment()
        self._id: str | None = None

    def read(self) -> RunState | None:
        return told.from_tags(self._run, self._tracking.tags_of(self._request))

    def write(self, state: RunState) -> None:
        self._id = self._id or self._tracking.ensure_run(self._request)
        self._tracking.tag(self._id, told.to_tags(self._run, state))
        if state.failure is not None:
            self._tracking.mark_failed(self._id)

    def follow(self) -> None:
        """Nothing to follow: the pod ends with its first process."""
