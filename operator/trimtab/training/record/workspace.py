"""One run as its steps see it: what was asked, and how far it is.

The report in the state grows step by step, so a run that fails, or is killed, still tells what it knew.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import Failure, RunReport, RunRequest, RunState, Step
from trimtab.errors import Refuse, TrimtabError
from trimtab.training.record.state import home_of


class Workspace:
    """A run: its request, and the home of its state."""

    def __init__(self, request: str, state: str) -> None:
        """Take the request as JSON, and the address of the state."""
        self.asked, self.state = request, state
        self.request = RunRequest.model_validate_json(request, extra="ignore")  # a newer operator may say more
        self._home = home_of(state, self.request)

    def read(self) -> RunState | None:
        """How far the run is; None when it never began."""
        return self._home.read()

    def write(self, state: RunState) -> None:
        """Replace the state in one piece."""
        self._home.write(state)

    @contextmanager
    def step(self, name: Step) -> Iterator[RunReport]:
        """Do a step: what it puts into the report is kept, and how it failed is told.

        Anything raised goes on to the pipeline engine, which then stops the run.
        """
        self._home.follow()
        state = (self.read() or RunState(phase="Running")).model_copy(update={"step": name})
        self.write(state)
        try:
            yield state.report
        except Exception as error:  # a step runs other people's code, and whatever it raises must become a reason
            traceback.print_exc()
            self.write(state.model_copy(update={"failure": failure_of(error, name)}))
            raise
        self.write(state)


def failure_of(error: Exception, step: Step | None) -> Failure:
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
