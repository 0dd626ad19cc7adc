"""Runs the compiled pipeline with kfp.local, each step in a fresh process of this same environment.

What a run's own engine does around it (who else may run, who is told) is in `run_local` and `run_pod`.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from trimtab.contract.run import RunState
from trimtab.errors import TrimtabError
from trimtab.training.record.tracking import Tracking
from trimtab.training.record.workspace import Workspace, interrupted

_CALLS = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "20"}


def run(place: Workspace, store: str, folder: Path) -> bool:
    """Whether every step did its work; a step that did not left its reason in the state. `folder` is for its files."""
    from kfp import components, local  # noqa: PLC0415  # seconds; a process that finds the run taken is gone before

    from trimtab_pipelines import COMPILED  # noqa: PLC0415  # the same

    _prepare(place, folder)
    local.init(local.SubprocessRunner(use_venv=False), pipeline_root=str(folder / "artifacts"))
    try:
        pipeline = components.load_component_from_file(str(COMPILED))
        pipeline(request=place.asked, state=place.state, store=store)
    except RuntimeError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the run's log
        return False
    return True


def ended(state: RunState | None, *, finished: bool) -> RunState:
    """The last state of a run, of which `state` was told last."""
    state = state or RunState(phase="Running")
    if finished:
        return state.model_copy(update={"phase": "Succeeded", "step": None})
    if state.report.mlflow_run_id is not None:
        with suppress(TrimtabError):  # for people who look at MLflow; the state says it anyway
            Tracking.from_environment().mark_failed(state.report.mlflow_run_id)
    failure = state.failure or interrupted(state.step)
    return state.model_copy(update={"phase": "Failed", "step": failure.step, "failure": failure})


def _prepare(place: Workspace, folder: Path) -> None:
    """What every step finds in its environment: its share of the processor, and short waits for MLflow."""
    scratch = folder / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"] = str(scratch)
    os.environ["OMP_NUM_THREADS"] = place.request.spec.resources.cpu
    for name, value in _CALLS.items():
        os.environ.setdefault(name, value)
