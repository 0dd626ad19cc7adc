"""Windows whose rows wait for a detector are tested beside all else, one after the other, oldest first.

A detector takes seconds to minutes, so nothing waits for it. What it says of a window is written down in one step with
the reference for the next one: a monitor that was killed tests the window again, and finds the same.
"""

import asyncio
import logging
from typing import Protocol

from trimtab.drift.tested import subjects_of
from trimtab.serving.detector.program import DetectorError, UnsuitedError, licence
from trimtab.serving.detector.question import Question
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.rows import next_for_detector, settle
from trimtab.serving.memory.store import Store

RETRY = 30.0
"""Seconds between tries while there is no detector."""

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
        """Test the oldest window that waits; False where none does.

        Raises:
            DetectorError: there is no detector now, and the window waits on.

        """
        focus = self._focus
        waiting = next_for_detector(self._store, focus) if focus else None
        if focus is None or waiting is None:
            return False
        tables = waiting.reference, waiting.rows
        question = Question.of(waiting.profile, focus.detector, tables, waiting.window)
        try:
            p_values = await self._detector.ask(question)
        except UnsuitedError as error:
            _log.warning("window %s is not tested, %s said: %s", waiting.window, focus.detector, error)
            p_values = [float("nan")] * len(subjects_of(waiting.profile, focus.detector))
        with self._store.transaction():
            settle(self._store, focus, waiting.window, p_values)
        return True

    async def _run(self) -> None:
        told = ""
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                while await self.test_next():
                    self._trouble = ""
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
