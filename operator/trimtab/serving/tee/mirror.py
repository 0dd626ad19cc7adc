"""The candidate sees a share of the requests, in batches, after they were answered; its answers are paired.

Whatever the candidate does (slow, dead, raising), the champion's requests are never touched; what was not answered in
time is told as dropped, and is no evidence. A single request the candidate fails on is its error, and is evidence.
"""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Sequence

import numpy as np

from trimtab.api.common import parse_duration
from trimtab.api.inferenceservice import Shadow
from trimtab.contract.serving import VersionRef
from trimtab.drift import PairedSums
from trimtab.serving.evidence import Keys, name_of
from trimtab.serving.oip.tensors import Values
from trimtab.serving.tee.lane import Lane
from trimtab.serving.tee.messages import Compared, Dropped, Note, Shadowed
from trimtab.serving.tee.seen import Seen
from trimtab.serving.version.model import Probabilities

Ask = Callable[[Sequence[dict[str, Values]]], Awaitable[Shadowed]]
BATCH = 32

_log = logging.getLogger(__name__)


class Mirror:
    """Feeds the candidate and tells what came of it."""

    def __init__(self, ask: Ask, tell: Callable[[Note], None], gather: float = 0.0) -> None:
        """Ask by `ask` after requests gathered for so many seconds, and hand what came of it to `tell`."""
        self._ask, self._tell = ask, tell
        self._lane = Lane(self._work, batch=BATCH, pause=gather)
        self._candidate: str | None = None
        self.configure(Shadow(), None, Keys("", ""))

    def configure(self, shadow: Shadow, candidate: VersionRef | None, keys: Keys) -> None:
        """Take over the settings; without a candidate nothing is mirrored."""
        self._percent, self._lane.most = shadow.percent, shadow.max_queue
        self._timeout = parse_duration(shadow.timeout).total_seconds()
        self._candidate, self._keys = name_of(candidate) if candidate else None, keys

    def put(self, seen: Seen) -> bool:
        """Mirror a request if its share of the traffic is mirrored; the same id is always in or always out."""
        if self._candidate is None or zlib.crc32(seen.request.encode()) % 100 >= self._percent:
            return False
        queued = self._lane.put(seen, seen.size)
        if not queued:
            self._tell(Dropped(self._pair(seen), seen.rows))
        return queued

    async def drained(self) -> None:
        """Wait until all that was put here is compared or dropped."""
        await self._lane.drained()

    def close(self) -> None:
        self._lane.close()

    def _pair(self, seen: Seen) -> str:
        return self._keys.pair(seen.ref, self._candidate or "")

    async def _work(self, items: list[Seen]) -> None:
        shadowed = await self._answers(items)
        if shadowed is None or shadowed.name != self._candidate:
            for seen in items:
                self._tell(Dropped(self._pair(seen), seen.rows, seen.stream, seen.request))
            return
        for seen, answer in zip(items, shadowed.answers, strict=True):
            self._tell(compare(seen, answer, self._pair(seen)))

    async def _answers(self, items: list[Seen]) -> Shadowed | None:
        try:
            return await asyncio.wait_for(self._ask([seen.inputs for seen in items]), self._timeout)
        except TimeoutError:
            return None
        except Exception as error:  # noqa: BLE001  # a candidate may die in any way; it is dropped, and the champion lives
            _log.warning("the candidate did not answer: %s", error)
            return None


def compare(seen: Seen, answer: Probabilities | None, pair: str) -> Compared:
    """Put two answers to a request side by side; None stands for a version that failed on it."""
    champion = seen.probabilities
    if champion is not None and answer is not None:
        sums = PairedSums.of_answers(champion >= 0.5, answer >= 0.5)  # noqa: PLR2004  # the class either names
    else:
        failed = (champion is None) * seen.rows, (answer is None) * seen.rows
        sums = PairedSums(rows=seen.rows, champion_errors=failed[0], candidate_errors=failed[1])
    kept = None if answer is None else answer.astype(np.float32).tobytes()
    return Compared(seen.request, seen.stream, pair, seen.window, sums, kept)
