"""A run's folder: the request it serves, and how far it is.

    request.json   what was asked, written once, before the run starts
    state.json     RunState, replaced in one piece by whichever step is at work
    run.lock       locked by the runner for its life, holds its process id
    cancelled      there when the run shall not begin, or was ended on purpose
    run.log        everything the steps print

The report in the state grows step by step, so a run that fails, or is killed, still tells what it knew.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import Failure, RunReport, RunRequest, RunState, Step
from trimtab.data.store import write_whole
from trimtab.errors import Refuse, TrimtabError
from trimtab.training.lifeline import follow


class Workspace:
    """The folder of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._state = folder / "state.json"

    @property
    def lock(self) -> Path:
        return self.folder / "run.lock"

    @property
    def cancelled(self) -> bool:
        return (self.folder / "cancelled").exists()

    def request(self) -> RunRequest:
        """What the run shall do."""
        return RunRequest.model_validate_json((self.folder / "request.json").read_text())

    def read(self) -> RunState | None:
        """How far the run is; None when it never began."""
        try:
            return RunState.model_validate_json(self._state.read_text())
        except FileNotFoundError:
            return None

    def write(self, state: RunState) -> None:
        """Replace the state in one piece."""
        write_whole(self._state, state.model_dump_json(by_alias=True, exclude_none=True).encode())

    @contextmanager
    def step(self, name: Step) -> Iterator[RunReport]:
        """Do a step: what it puts into the report is kept, and how it failed is told.

        Anything raised goes on to the pipeline engine, which then stops the run.
        """
        if self.lock.exists():
            follow(self.lock)
        state = (self.read() or RunState(phase="Running")).model_copy(update={"step": name})
        self.write(state)
        try:
            yield state.report
        except Exception as error:  # a step runs other people's code, and whatever it raises must become a reason
            traceback.print_exc()
            self.write(state.model_copy(update={"failure": failure_of(error, name)}))
            raise
        self.write(state)


def failure_of(error: Exception, step: Step) -> Failure:
    """An exception in words for a condition."""
    if isinstance(error, TrimtabError):
        retryable = not isinstance(error, Refuse)
        return Failure(step=step, reason=error.reason, message=error.message, retryable=retryable)
    text = f"{type(error).__name__}: {' '.join(str(error).split())}"[:220]
    return Failure(step=step, reason=TrainingReason.STEP_FAILED, message=f"{text}. Read the run's log")


def interrupted(step: Step | None) -> Failure:
    """The failure of a run that ended without a word."""
    where = f"in step {step}" if step else "before its first step"
    message = f"the run was ended from outside {where} (killed, or out of memory?): read the run's log"
    return Failure(step=step, reason=TrainingReason.INTERRUPTED, message=message, retryable=True)
