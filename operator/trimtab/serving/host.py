"""The champion's replica is the ingress: it answers, and what comes after the answer goes through mirror and teller."""

import asyncio
import time
import uuid
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from trimtab.contract.serving import MonitorReport, ServingPlan, VersionHealth
from trimtab.drift.watching.tested import ROWS
from trimtab.serving.evidence import Keys, detector_of
from trimtab.serving.oip.asgi import Endpoint
from trimtab.serving.oip.errors import ProtocolError
from trimtab.serving.oip.feedback import Feedback, Receipt
from trimtab.serving.oip.protocol import Headers, InferRequest, parse_infer, render_infer
from trimtab.serving.plans import read_plan
from trimtab.serving.tee.messages import Omitted
from trimtab.serving.tee.mirror import Mirror
from trimtab.serving.tee.seen import Seen
from trimtab.serving.tee.teller import Teller
from trimtab.serving.version.model import Answer, Model
from trimtab.serving.version.slot import Slot
from trimtab.serving.window import window_of

T = TypeVar("T")
PATIENCE = 1.5
"""Seconds to wait for monitor and candidate when someone asks how they are."""
FEEDBACK_PATIENCE = 10.0
LAST_WORDS = 2.0
GATHER = 0.05
_GROUPS = 10


class Host:
    """Serves the champion. `shadow` and `monitor` are Ray Serve handles."""

    def __init__(self, shadow: Any, monitor: Any, gather: float = GATHER) -> None:
        """Send what was seen, `gather` seconds after it was seen, so that it goes in batches."""
        self._shadow, self._monitor = shadow, monitor
        self._slot = Slot(Model.load)
        self._plan: ServingPlan | None = None
        self._teller = Teller(lambda batch: _call(monitor.take.remote(batch)), gather)
        self._mirror = Mirror(lambda requests: _call(shadow.answer.remote(requests)), self._teller.put, gather)

    def __serve_build_asgi_app__(self) -> Endpoint:
        """Hand Ray Serve the application of its ingress."""
        return Endpoint(self)

    async def reconfigure(self, user_config: dict[str, Any]) -> None:
        """Take over a plan. Requests go on with the old version until the new one is loaded; never raises."""
        plan = read_plan(user_config)
        if plan is None:
            return
        await self._slot.place(plan.champion)
        self._plan, self._keys = plan, Keys.of(plan)
        rows = plan.monitoring.window.rows
        self._teller.group_rows = rows and max(rows // _GROUPS, 1)
        self._teller.sampled = ROWS if detector_of(plan.monitoring) else 0
        self._mirror.configure(plan.shadow, plan.candidate, self._keys)

    @property
    def stream(self) -> str | None:
        """Name of the evidence about the version in place."""
        return self._keys.stream(self._slot.ref) if self._slot.ref and self._plan else None

    @property
    def ready(self) -> bool:
        return self._slot.current is not None

    def metadata(self, model: str, version: str | None) -> dict[str, Any]:
        ref = self._champion(model, version).ref
        return {"name": model, "versions": [ref.version], "platform": "onnx", **ref.signature.model_dump()}

    async def infer(
        self, model: str, version: str | None, body: bytes, header_length: int | None
    ) -> tuple[Headers, bytes]:
        arrived = time.time()
        champion = self._champion(model, version)
        request = parse_infer(body, header_length, champion.ref.signature)
        identity = request.id or uuid.uuid4().hex
        try:
            answer = champion.run(request.inputs)
        except Exception:
            self._tell(champion, request, identity, None, arrived)
            raise
        self._tell(champion, request, identity, answer, arrived)
        signature = champion.ref.signature
        return render_infer(request, identity, model, champion.ref.version, answer.outputs, signature)

    async def settled(self) -> None:
        """Wait until all that was answered so far is compared and told."""
        await self._mirror.drained()
        await self._teller.drained()

    async def close(self) -> None:
        """Tell the monitor what is still to be told, as far as there is time."""
        await _within(LAST_WORDS, self.settled())
        self._mirror.close()
        self._teller.close()

    async def feedback(self, model: str, labels: list[Feedback]) -> Receipt:
        self._champion(model, None)
        receipt = await _within(FEEDBACK_PATIENCE, self._monitor.label.remote(labels))
        if not isinstance(receipt, Receipt):
            raise ProtocolError(503, "the monitor does not answer; send the labels again")
        return receipt

    async def monitor(self) -> dict[str, Any]:
        asked = (_within(PATIENCE, self._monitor.report.remote()), _within(PATIENCE, self._shadow.health.remote()))
        report, candidate = await asyncio.gather(*asked)
        if not isinstance(report, MonitorReport):
            raise ProtocolError(503, "the monitor does not answer")
        silent = VersionHealth(error="the candidate's replica does not answer")
        health = {"champion": self._slot.health, "candidate": candidate or silent}
        return report.model_copy(update=health).wire()

    def _champion(self, model: str, version: str | None) -> Model:
        champion, plan = self._slot.current, self._plan
        if plan is not None and model != plan.model:
            raise ProtocolError(404, f"there is no model {model!r}, this endpoint serves {plan.model!r}")
        if champion is None or plan is None:
            raise ProtocolError(503, f"no version is loaded: {self._slot.error or 'still loading'}")
        if version not in (None, champion.ref.version):
            raise ProtocolError(404, f"version {version!r} of {model!r} is not served, {champion.ref.version!r} is")
        return champion

    def _tell(
        self, champion: Model, request: InferRequest, identity: str, answer: Answer | None, arrived: float
    ) -> None:
        """Queue what was seen; nothing here waits."""
        if self._plan is None:
            return
        block_seconds = champion.profile.block_seconds if champion.profile else 0.0
        window = window_of(self._plan.monitoring.window, request.parameters, arrived, block_seconds)
        stream = self._keys.stream(champion.ref)
        if window is None:
            self._teller.put(Omitted(stream, "requests_without_window", 1))
            return
        found = answer.probabilities if answer else None
        known = found if found is not None and np.isfinite(found).all() else None
        seen = Seen(identity, stream, window, champion.ref, champion.profile, request.inputs, known)
        self._teller.put(replace(seen, mirrored=self._mirror.put(seen)))


async def _call(response: Awaitable[T]) -> T:
    """Make a coroutine of a Ray Serve response, so that a deadline can end it."""
    return await response


async def _within(seconds: float, response: Awaitable[T]) -> T | None:
    """Wait for another deployment; None when it does not answer in time."""
    try:
        return await asyncio.wait_for(_call(response), seconds)
    except Exception:  # noqa: BLE001  # dead, starting, overloaded: to whoever asks it is the same
        return None
