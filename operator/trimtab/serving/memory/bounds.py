"""What the memory may hold at most, and for how long."""

import logging
from collections.abc import Sequence

from trimtab.serving.memory.answers import Forgotten
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.store import Store

RETENTION = 30 * 86400.0
"""Seconds that an answer waits for its labels, beyond the delay that is allowed."""
MOST_BYTES = 512 * 1024 * 1024
"""Of the file; past it the answers that wait longest are forgotten."""
EARLY, MOST_EARLY = 600.0, 100_000
"""Seconds that labels wait for their request, which is on its way if it is any at all; and most that wait."""
MOST_PAST = 200_000
MOST_KEYS = 16
"""Champions and candidates whose evidence is kept, should they come back."""
_AT_ONCE = 10_000
_LABELS_CAME = ("labelled", "late_labels", "unknown_labels", "misfit_labels")
"""What has been counted once labels were sent."""

_log = logging.getLogger(__name__)


def sweep(store: Store, focus: Focus, now: float) -> None:
    """Forget what is old; of what is watched no label that came in time for its window."""
    store.use(focus.keys, now, MOST_KEYS)
    old = now - RETENTION - (focus.label_delay or 0.0)
    _tell(store, focus, store.answers.forget_old(_AT_ONCE, old, focus.stream))
    store.answers.forget_past(MOST_PAST)
    store.forget_replicas(now - RETENTION)
    if unclaimed := store.answers.forget_early(now - EARLY, MOST_EARLY):
        store.raise_tally("unknown_labels", focus.stream, unclaimed)


def make_room(store: Store, focus: Focus, most_bytes: int = MOST_BYTES) -> None:
    """Forget some of the oldest answers while the memory is too large."""
    if store.size > most_bytes:
        forgotten = store.answers.forget_oldest(_AT_ONCE)
        _tell(store, focus, forgotten)
        _log.warning("the memory is full: %d answers that waited longest for labels were forgotten", len(forgotten))


def _tell(store: Store, focus: Focus, forgotten: Sequence[Forgotten]) -> None:
    """Count the rows that were forgotten, where labels have come or are said to: else nothing is missed."""
    for stream in {each.stream for each in forgotten}:
        own = [each for each in forgotten if each.stream == stream]
        if focus.label_delay is not None or _labels_came(store, stream) or any(each.labelled for each in own):
            store.raise_tally("forgotten_rows", stream, sum(each.rows for each in own))


def _labels_came(store: Store, stream: str) -> bool:
    return any(store.tally(name, stream) for name in _LABELS_CAME)
