"""A detector that stands where alibi-detect's do: differences of means by their normal distribution.

Of categories, which may be rare, by permutation: a p-value is one only if it is uniform or greater.
"""

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
        columns = enumerate(zip(question.reference.T, question.window.T, strict=True))
        p_values = [
            _p_of_categories(*of, question.seed) if at in question.categories else _p(*of) for at, of in columns
        ]
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


def _p_of_categories(reference, window, seed):
    both = np.append(window, reference)
    values, totals = np.unique(both, return_counts=True)
    random = np.random.default_rng([seed, 1])
    drawn = random.multivariate_hypergeometric(totals, window.size, 9_999, method="marginals") @ values
    gaps = np.abs(np.append(window.sum(dtype=float), drawn) - window.size * both.mean(dtype=float))
    return float(np.mean(gaps >= gaps[0]))
