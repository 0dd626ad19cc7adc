"""The program that asks alibi-detect: one process, started with the first question, ended with the last."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trimtab.serving.detector.question import Question

WORKER = Path(__file__).with_name("worker.py")
VARIABLE, PLACE = "TRIMTAB_DETECTOR_PYTHON", "/opt/detector/bin/python"
DEADLINE = 600.0
"""Seconds for an answer, and for the imports before the first."""
_FREE_UNTIL = (0, 12)


class DetectorError(Exception):
    """The detector cannot be had now; the message says what would mend it."""


class UnsuitedError(Exception):
    """The detector is there, and could make nothing of these rows."""


def interpreter() -> Path:
    """Where an interpreter that has alibi-detect is looked for."""
    return Path(os.environ.get(VARIABLE) or PLACE)


def licence(version: str) -> str:
    """Licence of a release of alibi-detect; from 0.12 on it is not free for production."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
    return "Apache-2.0" if numbers < _FREE_UNTIL else "BSL-1.1, not free for production"


@dataclass
class Program:
    """A worker that is started when it is needed. One question at a time."""

    python: Path = field(default_factory=interpreter)
    deadline: float = DEADLINE
    version: str = ""
    """Release of alibi-detect, once it is known."""
    _process: Process | None = None
    _killed: Process | None = None
    """The worker that was ended last."""

    async def ask(self, question: Question) -> list[float]:
        """Ask for p-values.

        Raises:
            DetectorError: there is no detector, or it died, or did not answer in time.
            UnsuitedError: it could make nothing of these rows.

        """
        try:
            told = await asyncio.wait_for(self._exchange(question), self.deadline)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            await self.end()
            cause = f"did not answer within {self.deadline:g} s" if isinstance(error, TimeoutError) else "died"
            raise DetectorError(f"{question.detector} {cause}; its words are in the monitor's log") from error
        if "error" in told:
            raise UnsuitedError(told["error"])
        found: list[float] = told["p"]
        return found

    def close(self) -> None:
        """End the worker, whatever it is at, and do not wait for its end."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            self._killed = process

    async def end(self) -> None:
        """End the worker, and wait for that."""
        self.close()
        if self._killed is not None:
            await self._killed.wait()

    async def _exchange(self, question: Question) -> dict[str, Any]:
        if self._process is None or self._process.returncode is not None:
            self._process = await self._started(question.detector)
        (asked, told) = _pipes(self._process)
        asked.write(question.to_bytes())
        await asked.drain()
        return await _line(told)

    async def _started(self, detector: str) -> Process:
        if not os.access(self.python, os.X_OK):
            raise DetectorError(
                f"{detector} needs alibi-detect, and there is no interpreter at {self.python}; "
                f"docs/install.md says how to add one, {VARIABLE} where it is"
            )
        process = await asyncio.create_subprocess_exec(self.python, WORKER, stdin=PIPE, stdout=PIPE)
        self._process = process
        told = await _line(_pipes(process)[1])
        if "error" in told:
            await self.end()
            raise DetectorError(f"{detector} needs alibi-detect, which {self.python} cannot import: {told['error']}")
        self.version = told["version"]
        return process


def _pipes(process: Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    return process.stdin, process.stdout


async def _line(source: asyncio.StreamReader) -> dict[str, Any]:
    """Read a line of JSON; an empty one is the end."""
    line = await source.readline()
    if not line:
        raise EOFError
    told: dict[str, Any] = json.loads(line)
    return told
