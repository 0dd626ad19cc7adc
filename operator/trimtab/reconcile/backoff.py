"""How long to wait after failures; pure functions, so that a restart changes nothing."""

from datetime import datetime, timedelta

LONGEST = timedelta(minutes=5)
SHORTEST = timedelta(seconds=1)
TRY_AGAIN = timedelta(seconds=30)


def after_failures(failures: int) -> timedelta:
    """The wait after so many failures in a row: 1 s, 2 s, 4 s … at most 5 min."""
    return min(timedelta(seconds=2.0 ** min(failures, 20)), LONGEST)


def while_failing(since: datetime, now: datetime) -> timedelta:
    """The wait while something has been failing since then: as long again as a quarter of it, 1 s to 1 min."""
    return min(max((now - since) / 4, SHORTEST), timedelta(minutes=1))


def is_due(since: datetime, now: datetime, poll: timedelta, every: timedelta) -> bool:
    """Whether a stretch of that length has ended since then, within the last two looks.

    Nothing has to remember the last time. It may be due twice, as no look is to fall between.
    """
    passed = now - since
    return passed // every > max(passed - 2 * poll, timedelta()) // every
