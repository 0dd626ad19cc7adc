"""How long peers take to see a change, each at a threshold that 1 of 100 other still streams has passed in its life.

As they come they cry over most still streams (`rows/peers.py`), so their delays would say nothing. A stream here lives
for 40 windows; the promise of trimtab, whose delay stands beside theirs, is for ever. Left out, as a window takes them
seconds and more: Evidently, and alibi-detect's MMD; its other tests are scipy's.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from benchmarks.drift.changes import NUMBERS, POOL, REFERENCE, Change, before, coded
from benchmarks.drift.peers import ask
from benchmarks.drift.worlds import WINDOW

PEERS = {"KS and chi-square": "scipy_scores", "NannyML": "nannyml_scores"}
STILL, LIFE, ONE_IN = 100, 40, 100
STREAMS, PATIENCE = 30, 20
SEED = 23


@dataclass(frozen=True)
class Thresholds:
    """Of each peer, in its own units."""

    of: dict[str, float]

    @classmethod
    def found(cls) -> "Thresholds":
        """Let each peer score streams in which nothing moves."""
        return cls({peer: threshold(np.max(found, axis=1)) for peer, found in _scored(None, STILL, LIFE).items()})

    def delays(self, change: Change) -> dict[str, str]:
        """Median of windows from the change to the alarm, by peer."""
        firsts = {
            peer: first_beyond(found, self.of[peer]) for peer, found in _scored(change, STREAMS, PATIENCE).items()
        }
        return {f"{peer}, 1 in {ONE_IN} still streams of {LIFE}": _in_words(first) for peer, first in firsts.items()}


def threshold(highest: np.ndarray) -> float:
    """What one stream in a hundred passes, given the highest score of each."""
    return float(np.sort(highest)[-1 - len(highest) // ONE_IN])


def first_beyond(scores: np.ndarray, threshold: float) -> np.ndarray:
    """Number (from 1) of the first window beyond the threshold of each stream; infinite where there is none."""
    beyond = scores > threshold
    return np.where(beyond.any(axis=1), beyond.argmax(axis=1) + 1.0, np.inf)


def _in_words(firsts: np.ndarray) -> str:
    median = float(np.median(firsts))
    return f"more than {PATIENCE}" if np.isinf(median) else f"{median:g}"


def _scored(change: Change | None, streams: int, windows: int) -> dict[str, np.ndarray]:
    """Scores of each peer on the same streams, shape (streams, windows)."""
    pairs = [_stream(change, stream, windows) for stream in range(streams)]
    data = {name: np.stack(part) for name, part in zip(("reference", "windows"), zip(*pairs, strict=True), strict=True)}
    with ThreadPoolExecutor(len(PEERS)) as workers:
        asked = {peer: workers.submit(ask, name, data, numbers=NUMBERS) for peer, name in PEERS.items()}
        return {peer: np.array(answer.result()["scores"]) for peer, answer in asked.items()}


def _stream(change: Change | None, stream: int, windows: int) -> tuple[np.ndarray, np.ndarray]:
    """A reference, and windows all after the change: these peers look at one window at a time."""
    random = np.random.default_rng([SEED, stream, change is not None])
    old = before(random)
    new = change.made(old, random) if change else old
    return coded(old)[random.integers(0, POOL, REFERENCE)], coded(new)[random.integers(0, POOL, (windows, WINDOW))]
