"""Which window a request belongs to. Windows of a stream are ordered as their names are.

A window by time or by rows is as long as a block of the champion's training at least: rows of one block depend on one
another, and what training promises is about means of whole blocks. A window by parameter is what the requests say.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from trimtab.api.common import parse_duration
from trimtab.api.inferenceservice import Window

NUMBERED = ""
"""The window of a request where the monitor, which sees the rows of all replicas, counts them into windows."""

LONGEST = 64
_DIGITS = 20


def window_of(window: Window, parameters: Mapping[str, Any], arrived: float, block_seconds: float = 0.0) -> str | None:
    """Name a request's window; None when the request does not tell, and so is answered but not watched.

    Args:
        window: how windows are made.
        parameters: the request's own.
        arrived: seconds since 1970.
        block_seconds: how long a block is at least; of training, and so begun when those are.

    """
    if window.parameter:
        return _by_value(parameters.get(window.parameter))
    if window.duration:
        length = max(parse_duration(window.duration).total_seconds(), block_seconds)
        begin = datetime.fromtimestamp(arrived // length * length, tz=UTC)
        return begin.isoformat(timespec="milliseconds")
    return NUMBERED


def next_number(newest: str | None) -> str:
    """Name the window after the newest that was numbered."""
    return f"{int(newest) + 1 if newest else 0:0{_DIGITS}d}"


def _by_value(value: object) -> str | None:
    """Names stand in the status and are ordered as text: they are short, can be shown, and numbers have one length."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**_DIGITS:
        return f"{value:0{_DIGITS}d}"
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable() else None
