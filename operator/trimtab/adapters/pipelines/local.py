"""The local pipeline engine: one child process per run, in the runtime's environment.

    <state>/runs/<namespace>/<name>/
        request.json   written here, before the child starts
        state.json     written by the child (RunState)
        run.lock       locked by the child for its life; holds its process id
        cancelled      written here: the run shall not begin, or was ended on purpose
        run.log        what the child prints

Nothing is remembered in this process that cannot be read from the folder, and the child is in a session of its own, so
runs outlive the operator and a new operator finds them. A folder whose lock is free and whose state is not terminal
belongs to a run that died.
"""

import asyncio
import fcntl
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from trimtab.adapters.pipelines import offers
from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import Failure, RunRequest, RunState, Step
from trimtab.errors import Retry
from trimtab.keys import RunKey

_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "TZ")


class LocalPipelines:
    """Runs pipelines as child processes on this machine."""

    def __init__(self, runtime_python: Path, state_dir: Path, env: Mapping[str, str]) -> None:
        """Name the runtime's interpreter, the folder for runs and snapshots, and what the children find in `env`.

        Of this process's own environment a child sees only what names the machine: it runs users' code.
        """
        self._python = runtime_python
        self.state_dir = state_dir
        self._env = {name: os.environ[name] for name in _INHERITED if name in os.environ} | dict(env)
        self._children: dict[RunKey, subprocess.Popen[bytes]] = {}

    async def find(self, key: RunKey) -> RunState | None:
        """How far the run is; None when it was never started, or was started but has not begun."""
        return await asyncio.to_thread(self._find, key)

    async def start(self, key: RunKey, request: RunRequest) -> None:
        """Start the run unless it was started before.

        Raises:
            Refuse: UnsupportedByEngine.
            Retry: EngineUnavailable, when the child cannot be started.

        """
        offers.refuse_cluster_fields(request)
        await asyncio.to_thread(self._start, key, request)

    async def cancel(self, key: RunKey) -> None:
        """End the run, whatever it does, and keep it from beginning."""
        await asyncio.to_thread(self._cancel, key)

    def log_path(self, key: RunKey) -> Path:
        """Where the run's log is."""
        return self._folder(key) / "run.log"

    def _find(self, key: RunKey) -> RunState | None:
        folder = self._folder(key)
        exit_status = self._reap(key)
        runs = _holder(folder) is not None  # looked at before the state: a run that ends in between has written it
        state = _read(folder)
        if state is None:
            is_over = not runs and (exit_status is not None or _cancelled(folder))
            return _ended(RunState(phase="Running"), folder) if is_over else None
        return state if runs or state.phase != "Running" else _ended(state, folder)

    def _start(self, key: RunKey, request: RunRequest) -> None:
        folder = self._folder(key)
        if self._find(key) is not None or key in self._children:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write_request(folder, request)
            with (folder / "run.log").open("ab") as log:
                self._children[key] = self._spawn(folder, log)
        except OSError as error:
            message = f"the run cannot be started ({error}): it starts by itself when the cause is gone"
            raise Retry(TrainingReason.ENGINE_UNAVAILABLE, message) from error

    def _spawn(self, folder: Path, log: IO[bytes]) -> "subprocess.Popen[bytes]":
        command = [str(self._python), "-m", "trimtab.training.run_local", str(folder), str(self.state_dir)]
        return subprocess.Popen(  # noqa: S603  # our own interpreter and module; names were checked by the API server
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=self._env,
            start_new_session=True,
        )

    def _cancel(self, key: RunKey) -> None:
        folder = self._folder(key)
        if not folder.exists():
            return
        (folder / "cancelled").touch()
        child = _holder(folder)
        if child is not None:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)

    def _reap(self, key: RunKey) -> int | None:
        """Exit status of a child of this process that has ended; ended children are not left behind as zombies."""
        child = self._children.get(key)
        return None if child is None else child.poll()

    def _folder(self, key: RunKey) -> Path:
        return self.state_dir / "runs" / key.namespace / key.name


def _holder(folder: Path) -> int | None:
    """Process id of the child that holds the folder's lock; None when it is free."""
    with suppress(FileNotFoundError), (folder / "run.lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or 0) or None
    return None


def _read(folder: Path) -> RunState | None:
    with suppress(FileNotFoundError):
        return RunState.model_validate_json((folder / "state.json").read_text())
    return None


def _write_request(folder: Path, request: RunRequest) -> None:
    unfinished = folder / ".request.json"
    unfinished.write_text(request.model_dump_json(by_alias=True, exclude_none=True))
    unfinished.replace(folder / "request.json")


def _cancelled(folder: Path) -> bool:
    return (folder / "cancelled").exists()


def _ended(state: RunState, folder: Path) -> RunState:
    """The state of a run that ended without a word."""
    return state.model_copy(update={"phase": "Failed", "failure": _interrupted(state.step, folder)})


def _interrupted(step: Step | None, folder: Path) -> Failure:
    where = f"in step {step}" if step else "before its first step"
    if _cancelled(folder):
        message = f"the run was cancelled {where}"
    else:
        message = f"the run was ended from outside {where} (killed, or out of memory?): read {folder / 'run.log'}"
    return Failure(step=step, reason=TrainingReason.INTERRUPTED, message=message[:300], retryable=True)
