"""The host tells the monitor what it saw: counted by window, in numbered batches, each sent until it was taken."""

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator

import numpy as np

from trimtab.drift import PREDICTION, Profile, WindowCounts, count
from trimtab.drift.reference.features import Columns
from trimtab.drift.reference.sample import Sample, keys_of
from trimtab.serving.tee.lane import Lane
from trimtab.serving.tee.messages import Answered, Batch, Counted, Note, Omitted
from trimtab.serving.tee.seen import Seen
from trimtab.serving.version.model import Probabilities
from trimtab.serving.window import NUMBERED

BATCH = 64
DEADLINE = 10.0
_NOTE_BYTES = 512
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0

_log = logging.getLogger(__name__)


class Teller:
    """Sends what was seen; while the monitor is away it waits, up to the lane's bounds, and then drops and counts."""

    def __init__(self, send: Callable[[Batch], Awaitable[object]], gather: float = 0.0) -> None:
        """Send by `send`, which raises where the monitor is away, what gathered for so many seconds."""
        self._send = send
        self._lane: Lane[Seen | Note] = Lane(self._work, batch=BATCH, pause=gather)
        self._lane.most = 8192
        self._replica, self._sequence = uuid.uuid4().hex, 0
        self._untold: Counter[str] = Counter()
        self.group_rows: int | None = None
        """Most rows counted together where the monitor numbers the windows, so that it can end them near their size."""
        self.sampled = 0
        """Rows that are told as they are, of those counted together: for a detector that tests rows."""

    def put(self, item: Seen | Note) -> None:
        size = item.size if isinstance(item, Seen) else _NOTE_BYTES
        if not self._lane.put(item, size) and isinstance(item, Seen):
            if not self._untold:
                _log.warning("the monitor is away, or slower than the requests; what is seen now is not kept for it")
            self._untold[item.stream] += item.rows

    async def drained(self) -> None:
        """Wait until all that was put here is told."""
        await self._lane.drained()

    def close(self) -> None:
        self._lane.close()

    async def _work(self, items: list[Seen | Note]) -> None:
        self._sequence += 1
        untold = [Omitted(stream, "untold_rows", rows) for stream, rows in self._untold.items()]
        self._untold.clear()
        notes = (*untold, *notes_of(items, self.group_rows, self.sampled))
        batch = Batch(self._replica, self._sequence, notes)
        pause = _FIRST_PAUSE
        while not await self._sent(batch):
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _sent(self, batch: Batch) -> bool:
        try:
            await asyncio.wait_for(self._send(batch), DEADLINE)
        except Exception as error:  # noqa: BLE001  # whatever keeps the monitor from it, the batch is not lost
            _log.warning("the monitor did not take batch %d: %s", batch.sequence, error)
            return False
        return True


def notes_of(items: Iterable[Seen | Note], group_rows: int | None, sampled: int = 0) -> Iterator[Note]:
    """Turn what was seen into notes, in order; neighbours of one window are counted together."""
    group: list[Seen] = []
    for item in items:
        if isinstance(item, Seen):
            if group and not _together(group, item, group_rows):
                yield from _notes(group, sampled)
                group = []
            group.append(item)
        else:
            yield from _notes(group, sampled)
            group = []
            yield item
    yield from _notes(group, sampled)


def _together(group: list[Seen], item: Seen, group_rows: int | None) -> bool:
    if (group[0].stream, group[0].window) != (item.stream, item.window):
        return False
    return item.window != NUMBERED or group_rows is None or sum(seen.rows for seen in group) + item.rows <= group_rows


def _notes(group: list[Seen], sampled: int) -> Iterator[Note]:
    if not group:
        return
    yield Counted(group[0].stream, group[0].window, *_count(group, sampled), len(group))
    for seen in group:
        if seen.probabilities is not None:
            answer = seen.probabilities.astype(np.float32).tobytes()
            yield Answered(seen.request, seen.stream, seen.window, answer, seen.mirrored)


def _count(group: list[Seen], sampled: int) -> tuple[WindowCounts, Sample | None]:
    """Count the rows of a group; without a profile there is nothing to compare with, and only their number counts."""
    profile = group[0].profile
    if profile is None:
        return WindowCounts(sum(seen.rows for seen in group), np.zeros(0, dtype=np.int64)), None
    names = [feature.name for feature in profile.features]
    columns = {name: np.concatenate([seen.inputs[name].ravel() for seen in group]) for name in names}
    counts = count(profile, columns | {PREDICTION: np.concatenate([_answered(seen) for seen in group])})
    return counts, _sample(profile, group, columns, sampled) if sampled else None


def _sample(profile: Profile, group: list[Seen], columns: Columns, most: int) -> Sample:
    keys = np.concatenate([keys_of(seen.request, seen.rows) for seen in group])
    return Sample.of_columns(profile.features_layout, keys, columns, most)


def _answered(seen: Seen) -> Probabilities:
    return np.full(seen.rows, np.nan, dtype=np.float32) if seen.probabilities is None else seen.probabilities
