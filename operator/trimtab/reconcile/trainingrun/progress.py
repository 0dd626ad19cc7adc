"""From how far the pipeline is to the run's conditions, in the order a run meets them."""

from collections.abc import Sequence

from trimtab.api.reasons import TrainingCondition as C
from trimtab.api.reasons import TrainingReason as R
from trimtab.api.trainingrun import GateResult
from trimtab.contract.run import RunState, Step
from trimtab.reconcile.conditions import Fact

_STEPS: dict[Step, tuple[C, R]] = {
    "snapshot": (C.DATA_PINNED, R.DATA_PINNED),
    "validate": (C.DATA_VALID, R.DATA_VALID),
    "train": (C.TRAINED, R.TRAINED),
    "evaluate": (C.GATES_PASSED, R.GATES_PASSED),
    "register": (C.REGISTERED, R.REGISTERED),
}
_ORDER: list[Step] = list(_STEPS)
STEPS = frozenset(condition for condition, _ in _STEPS.values())
"""The conditions that steps have."""


def condition_of(step: Step | None) -> C:
    """The condition a step is for; a run that never came to a step failed at its first."""
    return _STEPS[step or "snapshot"][0]


def waits(state: RunState | None, queue: str | None) -> bool:
    """Whether the run has not begun: it is held back, or its queue has let no step begin.

    An engine that makes its pods one by one (Kubeflow Pipelines) does not tell that the first of them is held.
    """
    if state is None:
        return queue is not None
    return state.held is not None or (queue is not None and state.phase == "Running" and state.step is None)


def admitted(state: RunState | None = None, queue: str | None = None) -> Fact:
    """Whether something holds the run back."""
    if state is not None and state.held is not None:
        return Fact(C.ADMITTED, "False", state.held.reason, state.held.message)
    if queue is not None and waits(state, queue):
        return Fact(C.ADMITTED, "Unknown", R.PENDING, f"no step has begun; look at the LocalQueue {queue}")
    return Fact(C.ADMITTED, "True", R.ADMITTED)


def steps(state: RunState | None) -> list[Fact]:
    """A fact for each step; `Registered` is true only when the ModelVersion is there too, see `finished_steps`."""
    if state is None or state.held is not None:
        return _from("snapshot", [], Fact(C.DATA_PINNED, "Unknown", R.PENDING), R.PENDING)
    here: Step = state.step or "snapshot"
    past = [_done(step, state.report.gates) for step in _ORDER[: _ORDER.index(here)]]
    if state.failure is not None:
        here = state.failure.step or here
        failed = Fact(condition_of(here), "False", state.failure.reason, state.failure.message)
        return _from(here, past, failed, R.NOT_REACHED)
    return _from(here, past, Fact(condition_of(here), "Unknown", R.RUNNING), R.PENDING)


def finished_steps(state: RunState) -> list[Fact]:
    """All steps done and the ModelVersion made."""
    return [_done(step, state.report.gates) for step in _ORDER]


def stopped_at(facts: Sequence[Fact], reason: R, message: str) -> list[Fact]:
    """The same facts, with the first step that is not done marked as the one where the run was stopped."""
    place = next(i for i, fact in enumerate(facts) if fact.status != "True")
    after = [Fact(f.type, "Unknown", R.NOT_REACHED) for f in facts[place + 1 :]]
    return [*facts[:place], Fact(facts[place].type, "False", reason, message), *after]


def _from(here: Step, past: Sequence[Fact], now: Fact, later: R) -> list[Fact]:
    rest = _ORDER[_ORDER.index(here) + 1 :]
    return [*past[: _ORDER.index(here)], now, *(Fact(condition_of(step), "Unknown", later) for step in rest)]


def _done(step: Step, gates: Sequence[GateResult]) -> Fact:
    condition, reason = _STEPS[step]
    refused = [gate for gate in gates if not gate.passed]
    if step == "evaluate" and refused:
        return Fact(condition, "False", R.GATE_FAILED, "; ".join(_told(gate) for gate in refused))
    return Fact(condition, "True", reason)


def _told(gate: GateResult) -> str:
    against = f", champion {gate.champion:.4g}" if gate.champion is not None else ""
    return f"{gate.metric} is {gate.value:.4g}, limit {gate.limit:.4g}{against}"
