"""The port `Clock`: the machine's own time."""

from datetime import UTC, datetime


class SystemClock:
    """Time as the machine knows it."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)
