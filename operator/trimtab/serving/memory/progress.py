"""When a window is over. Its rows come from many replicas, clients err in its name, and one that is closed stays so.

A later window alone ends none: a client's wrong year, once, would end all that come. It takes several requests in a row
that are of later ones, or that nothing came for a while.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from trimtab.api.inferenceservice import Window

_SHARE = 0.05
"""Of its own requests: so long replicas that answered some of its last may take to tell them."""


@dataclass(frozen=True)
class Progress:
    """How far an open window is."""

    window: str
    requests: int
    later: int
    """Requests of later windows since its last."""
    heard: float
    """When its last was heard of."""


@dataclass(frozen=True)
class End:
    """What shows that a window is over, once there is a later one: either of the two."""

    later: float
    """Requests of later windows in a row."""
    quiet: float
    """Seconds without a request of its own."""

    def shown(self, window: Progress, now: float) -> bool:
        """Whether it is."""
        return window.later >= max(self.later, _SHARE * window.requests) or window.heard <= now - self.quiet


AT_ONCE = End(later=1, quiet=-math.inf)
"""For windows that the monitor numbers, which are full when there is a later one."""
BY_TIME = End(later=math.inf, quiet=30.0)
"""Longer than a replica waits before it tries again to tell what it saw while the monitor was away."""
BY_NAME = End(later=3, quiet=3600.0)


def end_of(window: Window) -> End:
    """Choose by how windows are made."""
    if window.parameter:
        return BY_NAME
    return BY_TIME if window.duration else AT_ONCE


def over(windows: Sequence[Progress], end: End, now: float) -> list[str]:
    """Name those of the open windows, in order, that are over; the newest never is, nor any after one that is not."""
    return [window.window for window in takewhile(lambda each: end.shown(each, now), windows[:-1])]
