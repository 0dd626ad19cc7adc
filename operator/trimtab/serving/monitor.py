"""The monitor: one replica, holds no rights anywhere, remembers on disk."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trimtab.api.inferenceservice import Window
from trimtab.contract.serving import MonitorReport, ServingPlan, VersionRef
from trimtab.drift import Profile
from trimtab.serving.detector.examiner import Detector, Examiner
from trimtab.serving.detector.program import Program
from trimtab.serving.memory.bounds import make_room, sweep
from trimtab.serving.memory.closing import close_windows
from trimtab.serving.memory.copies import Keeper, restore
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.intake import label, take
from trimtab.serving.memory.progress import End, end_of
from trimtab.serving.memory.reports import report
from trimtab.serving.memory.store import Store
from trimtab.serving.oip.feedback import Feedback, Receipt
from trimtab.serving.plans import read_plan
from trimtab.serving.tee.messages import Batch
from trimtab.serving.version.artifacts import fetch_profile
from trimtab.serving.version.slot import Slot

_SWEEP = 60.0

_log = logging.getLogger(__name__)


class Monitor:
    """Adds up what the hosts tell, weighs it by window, and says what it means."""

    def __init__(
        self, path: str, copy: str = "", detector: Detector | None = None, end_of: Callable[[Window], End] = end_of
    ) -> None:
        """Remember in the file at `path`, and keep a copy at the address `copy` where there is one.

        `end_of` says what shows that a window is over.
        """
        if copy:
            restore(Path(path), copy)
        self._store = Store.open(Path(path))
        self._keeper = Keeper(self._store, copy) if copy else None
        self._slot: Slot[Profile | None] = Slot(_profile)
        self._plan: ServingPlan | None = None
        self._swept, self._end_of = 0.0, end_of
        self._examiner = Examiner(self._store, detector or Program())

    def __del__(self) -> None:
        """Copy what is new; Ray Serve calls this where a replica is to end, as its successor may be on another node."""
        if examiner := getattr(self, "_examiner", None):
            examiner.close()
        if keeper := getattr(self, "_keeper", None):
            keeper.keep()

    async def reconfigure(self, user_config: dict[str, Any]) -> None:
        """Take over a plan: another champion begins its own watch, another candidate its own judge; never raises."""
        if self._keeper:
            self._keeper.start()
        plan = read_plan(user_config)
        if plan is not None:
            self._plan = plan
            await self._slot.place(plan.champion)
            self._examiner.wake(self._focus())

    async def take(self, batch: Batch) -> bool:
        """Take a batch, once.

        Raises:
            sqlite3.Error: it could not be written; send it again.

        """
        focus, now = self._focus(), time.time()
        try:
            with self._store.transaction():
                if take(self._store, batch, focus, now):
                    self._close_windows(focus, now)
                self._sweep(focus, now)
            self._examiner.wake(focus)
        except (ValueError, KeyError, TypeError):
            # Sending it again would not help, and would hold up all that comes after it.
            _log.exception("batch %d of %s makes no sense and was left out", batch.sequence, batch.replica)
        return True

    async def label(self, feedback: list[Feedback]) -> Receipt:
        """Take labels; they are written down when it returns."""
        focus, now = self._focus(), time.time()
        with self._store.transaction():
            receipt = label(self._store, feedback, focus, now)
            self._close_windows(focus, now)
            self._sweep(focus, now)
        return receipt

    async def report(self) -> MonitorReport:
        """Say what is known; what has waited long enough is closed first."""
        focus = self._focus()
        with self._store.transaction():
            self._close_windows(focus, time.time())
        self._examiner.wake(focus)
        return report(self._store, focus).tested_by(self._examiner.name, self._examiner.trouble)

    def _close_windows(self, focus: Focus, now: float) -> None:
        close_windows(self._store, focus, self._end_of(focus.plan.monitoring.window), now)

    def _sweep(self, focus: Focus, now: float) -> None:
        make_room(self._store, focus)
        if now - self._swept > _SWEEP:
            sweep(self._store, focus, now)
            self._swept = now

    def _focus(self) -> Focus:
        if self._plan is None:
            raise RuntimeError("the monitor was not given a plan")
        return Focus(self._plan, self._slot.current if self._slot.ref == self._plan.champion else None)


def _profile(ref: VersionRef) -> Profile | None:
    return fetch_profile(ref.profile) if ref.profile else None
