"""One pipeline run in a pod: `python -m trimtab.training.run_pod`, told by environment variables.

    TRIMTAB_RUN       name of the pipeline run
    TRIMTAB_REQUEST   what is asked (RunRequest as JSON)
    TRIMTAB_STORE     address of the store

How far the run is stands in MLflow. How it ended stands in the container's termination message too, for the one case
that MLflow cannot be told: that it was away.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from trimtab.contract import told
from trimtab.contract.run import RunState
from trimtab.errors import Retry, TrimtabError
from trimtab.training.record.workspace import Workspace, failure_of
from trimtab.training.runner import ended, run

_LAST_WORDS = "/dev/termination-log"
_TRIES, _PAUSE = 3, 5.0  # of telling the end, and seconds between them


def main() -> int:
    """Run what the environment asks for."""
    try:
        state = _work()
    except TrimtabError as error:
        state = RunState(phase="Failed", failure=failure_of(error, None))
    words = state.model_dump_json(by_alias=True, exclude_none=True, exclude={"report"})
    Path(os.environ.get("TRIMTAB_LAST_WORDS", _LAST_WORDS)).write_text(words)
    return 0 if state.phase == "Succeeded" else 1


def _work() -> RunState:
    place = Workspace(os.environ["TRIMTAB_REQUEST"], told.address(os.environ["TRIMTAB_RUN"]))
    place.write(RunState(phase="Running"))
    with tempfile.TemporaryDirectory() as folder:
        finished = run(place, os.environ["TRIMTAB_STORE"], Path(folder))
    state = ended(place.read(), finished=finished)
    _tell(place, state)
    return state


def _tell(place: Workspace, state: RunState) -> None:
    """Tell the end; MLflow that was away for a moment costs no attempt."""
    for _ in range(_TRIES - 1):
        try:
            place.write(state)
        except Retry:
            time.sleep(_PAUSE)
        else:
            return
    place.write(state)


if __name__ == "__main__":
    sys.exit(main())
