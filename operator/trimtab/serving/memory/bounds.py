"""What the memory may hold at most, and for how long."""

import logging
import math

from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.store import Store

RETENTION = 30 * 86400.0
"""Seconds that an answer waits for its labels."""
MOST_BYTES = 512 * 1024 * 1024
"""Of the file; past it the answers that wait longest are forgotten."""
EARLY, MOST_EARLY = 600.0, 100_000
"""Seconds that labels wait for their request, which is on its way if it is any at all; and most that wait."""
MOST_PAST = 200_000
MOST_KEYS = 16
"""Champions and candidates whose evidence is kept, should they come back."""
_AT_ONCE = 10_000

_log = logging.getLogger(__name__)


def sweep(store: Store, focus: Focus, now: float) -> None:
    """Forget what is old."""
    store.use(focus.keys, now, MOST_KEYS)
    store.answers.forget_oldest(_AT_ONCE, now - RETENTION)
    store.answers.forget_past(MOST_PAST)
    store.forget_replicas(now - RETENTION)
    if unclaimed := store.answers.forget_early(now - EARLY, MOST_EARLY):
        store.raise_tally("unknown_labels", focus.stream, unclaimed)


def make_room(store: Store, most_bytes: int = MOST_BYTES) -> None:
    """Forget some of the oldest answers while the memory is too large."""
    if store.size > most_bytes:
        forgotten = store.answers.forget_oldest(_AT_ONCE, math.inf)
        _log.warning("the memory is full: %d answers that waited longest for labels were forgotten", forgotten)
