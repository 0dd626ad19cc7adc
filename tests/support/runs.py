"""Words of the pipeline tests."""

from trimtab.contract.run import RunRequest, RunState
from trimtab.keys import RunKey


def key_of(request: RunRequest, attempt: int = 0) -> RunKey:
    """The key of an attempt, as the operator makes it."""
    return RunKey(request.namespace, f"{request.training_run}-{request.uid[:8]}-{attempt}")


def over(state: RunState) -> bool:
    """Whether the run has ended."""
    return state.phase != "Running"
