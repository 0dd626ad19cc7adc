"""The candidate's place: always deployed, idle without one, so that a version comes and goes without a restart."""

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from trimtab.contract.serving import VersionHealth
from trimtab.serving.evidence import name_of
from trimtab.serving.oip.tensors import Values
from trimtab.serving.plans import read_plan
from trimtab.serving.tee.messages import Shadowed
from trimtab.serving.version.model import Model, Probabilities
from trimtab.serving.version.slot import Slot

_log = logging.getLogger(__name__)


class Shadow:
    """Answers batches of requests with the candidate."""

    def __init__(self) -> None:
        self._slot = Slot(Model.load)

    async def reconfigure(self, user_config: dict[str, Any]) -> None:
        """Take over a plan; never raises, as that would end the replica."""
        plan = read_plan(user_config)
        if plan is not None:
            await self._slot.place(plan.candidate)

    async def health(self) -> VersionHealth:
        return self._slot.health

    async def answer(self, requests: Sequence[dict[str, Values]]) -> Shadowed:
        """Answer requests: together, or one by one where one of them makes the candidate fail."""
        model = self._slot.current
        if model is None:
            return Shadowed(None, [])
        together = _together(model, requests)
        answers = together if together is not None else [_alone(model, inputs) for inputs in requests]
        return Shadowed(name_of(model.ref), answers)


def _together(model: Model, requests: Sequence[dict[str, Values]]) -> list[Probabilities | None] | None:
    try:
        inputs = {name: np.concatenate([request[name] for request in requests]) for name in requests[0]}
        found = model.run(inputs).probabilities
    except Exception as error:  # noqa: BLE001  # a candidate may fail in any way; one by one tells which request does it
        _log.warning("the candidate failed on a batch: %s", error)
        return None
    ends = np.cumsum([len(next(iter(request.values()))) for request in requests])
    return [part if np.isfinite(part).all() else None for part in np.split(found, ends[:-1])]


def _alone(model: Model, inputs: dict[str, Values]) -> Probabilities | None:
    try:
        found = model.run(inputs).probabilities
    except Exception as error:  # noqa: BLE001  # the failure is what is counted
        _log.info("the candidate failed on a request: %s", error)
        return None
    return found if np.isfinite(found).all() else None
