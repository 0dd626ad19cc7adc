"""Errors that carry what to do next.

- `TrimtabError`, base of all
- `Retry`: the outside failed; the same call may work later (the loop backs off)
- `Wait`: something is not there yet; look again after a while
- `Refuse`: the request itself is wrong; wait for a new spec
"""


class TrimtabError(Exception):
    """Base of all; carries a reason for the condition and a message that says what to do."""

    def __init__(self, reason: str, message: str) -> None:
        """Keep the reason (one word of the table) and the message (at most 300 characters)."""
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message[:300]


class Retry(TrimtabError):  # noqa: N818 -- named for what to do, not for what went wrong
    """The outside failed; the same call may work later."""


class Wait(TrimtabError):  # noqa: N818 -- named for what to do, not for what went wrong
    """Something is not there yet."""


class Refuse(TrimtabError):  # noqa: N818 -- named for what to do, not for what went wrong
    """The request itself is wrong."""
