"""A detector that stands where alibi-detect's do: differences of means by their normal distribution."""

import asyncio
import sys
from math import erfc
from pathlib import Path

import numpy as np

from trimtab.drift.watching.tested import DETECTORS
from trimtab.serving.detector.program import DetectorError, UnsuitedError

_INTERPRETER = """
import json, sys
print(json.dumps({"version": "0.11.4"}), flush=True)
while line := sys.stdin.buffer.readline():
    asked = json.loads(line)
    sys.stdin.buffer.read(sum(4 * rows * columns for rows, columns in asked["shapes"]))
    print(json.dumps({"p": [1e-9] * asked["shapes"][0][1]}), flush=True)
"""


def make_interpreter(file: Path) -> Path:
    """Write what is started as the detector's Python, and finds a change in every window."""
    file.write_text(f"#!{sys.executable}\n{_INTERPRETER}")
    file.chmod(0o700)
    return file


class FakeDetector:
    """Answers at once, remembers what it was asked, and is out of order for as long as `trouble` says so.

    Who clears `free` keeps it at a question.
    """

    def __init__(self):
        self.version, self.asked = "", []
        self.trouble: DetectorError | UnsuitedError | None = None
        self.blind = False
        self.free = asyncio.Event()
        self.free.set()

    async def ask(self, question):
        await asyncio.sleep(0)
        await self.free.wait()
        if self.trouble is not None:
            raise self.trouble
        if not question.window.size:
            raise UnsuitedError("no columns")
        self.version = "0.11.4"
        self.asked.append(question)
        p_values = [_p(*columns) for columns in zip(question.reference.T, question.window.T, strict=True)]
        whole = DETECTORS[question.detector] == "rows"
        if self.blind:
            p_values = [float("nan")] * len(p_values)
        return [float(np.clip(len(p_values) * min(p_values), 0.01, 1.0))] if whole else p_values

    def close(self):
        pass

    async def end(self):
        pass


def _p(reference, window):
    error = np.sqrt(reference.var() / reference.size + window.var() / window.size)
    gap = abs(reference.mean() - window.mean())
    return erfc(gap / max(error, 1e-9) / np.sqrt(2)) if gap else 1.0
