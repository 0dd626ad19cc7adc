"""Windows whose rows wait for a detector are tested beside all else, one after the other, oldest first.

A detector takes seconds to minutes, so nothing waits for it. What it says of a window is written down in one step with
the reference for the next one: a monitor that was killed tests the window again, and finds the same.
"""

import asyncio
import logging
from math import isnan
from typing import Protocol

from trimtab.drift.watching.tested import subjects_of
from trimtab.serving.detector.program import DetectorError, UnsuitedError, licence
from trimtab.serving.detector.question import Question
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.rows import Waiting, leave, next_for_detector, settle
from trimtab.serving.memory.store import Store

RETRY = 30.0
"""Seconds between tries while there is no detector."""
MOST_UNSUITED = 3
"""Windows in a row that a detector can make nothing of, from which on it is told."""

_log = logging.getLogger(__name__)


class Detector(Protocol):
    """Whoever has p-values of rows."""

    version: str

    async def ask(self, question: Question) -> list[float]:
        """Ask for p-values, one of each subject.

        Raises:
            DetectorError: there is no detector now.
            UnsuitedError: it could make nothing of these rows.

        """
        ...

    def close(self) -> None:
        """End what was started for it."""
        ...


class Examiner:
    """Asks a detector about one window after the other, and has the answers weighed."""

    def __init__(self, store: Store, detector: Detector) -> None:
        self._store, self._detector = store, detector
        self._focus: Focus | None = None
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._trouble = ""
        self._unsuited = 0

    def wake(self, focus: Focus) -> None:
        """Look whether a window waits, if a detector was chosen; needs a running event loop."""
        self._focus = focus
        if not focus.detector:
            self.close()
            return
        self._news.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def close(self) -> None:
        """Ask no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        self._detector.close()

    @property
    def name(self) -> str | None:
        """Detector, release and licence, as far as they are known; None where trimtab tests by itself."""
        detector, version = self._focus.detector if self._focus else "", self._detector.version
        known = f" of alibi-detect {version} ({licence(version)})" if version else ""
        return f"{detector}{known}" if detector else None

    @property
    def trouble(self) -> str | None:
        """Why the detector that was chosen says nothing; None where nothing is wrong."""
        if self._focus is None or not self._focus.detector:
            return None
        return unfit(self._focus) or self._trouble or None

    async def test_next(self) -> bool:
        """Test the oldest window that waits; False where none does. One that cannot be tested is not counted.

        Raises:
            DetectorError: there is no detector now, and the window waits on.

        """
        focus = self._focus
        waiting = next_for_detector(self._store, focus) if focus else None
        if focus is None or waiting is None:
            return False
        try:
            p_values = await self._ask(focus, waiting)
        except UnsuitedError as error:
            self._note(f"{focus.detector} can make nothing of window {waiting.window}: {error}")
            with self._store.transaction():
                leave(self._store, focus, waiting)
            return True
        self._unsuited, self._trouble = 0, ""
        with self._store.transaction():
            settle(self._store, focus, waiting, p_values)
        return True

    async def _ask(self, focus: Focus, waiting: Waiting) -> list[float]:
        tables = waiting.reference, waiting.rows
        p_values = await self._detector.ask(Question.of(waiting.profile, focus.detector, tables, waiting.window))
        if all(map(isnan, p_values)):
            raise UnsuitedError("it has no p-value of anything")
        return p_values

    def _note(self, unsuited: str) -> None:
        """Log a window that cannot be tested, and tell it once there are several in a row."""
        _log.warning("%s", unsuited)
        self._unsuited += 1
        told = f"{unsuited}; so it was with {self._unsuited} windows in a row"
        self._trouble = told if self._unsuited >= MOST_UNSUITED else ""

    async def _run(self) -> None:
        told = ""
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                while await self.test_next():
                    told = self._tell(told)
            except DetectorError as error:
                self._trouble = str(error)
                _log.error("%s", error)  # the message says it all
                await asyncio.sleep(RETRY)
                self._news.set()

    def _tell(self, told: str) -> str:
        """Say once who tests, and under which licence."""
        name = self.name or ""
        if name != told:
            _log.warning("the inputs are tested by %s", name)
        return name


def unfit(focus: Focus) -> str:
    """Why no detector could test this version; empty if one could."""
    if not focus.detector or focus.profile is None:
        return ""
    if focus.profile.sample is None:
        return f"{focus.plan.champion.version} kept no rows to compare with; train it again, or choose Trimtab"
    if not subjects_of(focus.profile, focus.detector):
        return f"{focus.detector} finds no column of its kind in {focus.plan.champion.version}; choose TabularDrift"
    return ""
