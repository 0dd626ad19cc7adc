"""Labels that come later: `{"feedback": [{"id": "…", "labels": [0, 1, …]}, …]}`, a label for each row of a request."""

from dataclasses import dataclass

from trimtab.serving.oip.errors import ProtocolError
from trimtab.serving.oip.protocol import parse_id, parse_object


@dataclass(frozen=True)
class Feedback:
    """The labels of one request, 0 or 1, in the order of its rows."""

    request: str
    labels: bytes
    """One byte a row."""


@dataclass(frozen=True)
class Receipt:
    """What became of labels, in requests."""

    accepted: int = 0
    """They are with their request."""
    unknown: int = 0
    """No such request is known; they are kept for a while, as it may be under way."""
    late: int = 0
    """The window of their request was closed for labels."""
    misfit: int = 0
    """The request has another number of rows."""
    unused: int = 0
    """Nothing asks for labels now."""


def parse_feedback(body: bytes) -> list[Feedback]:
    """Read labels.

    Raises:
        ProtocolError: 400, saying which entry is wrong and how.

    """
    entries = parse_object(body).get("feedback")
    if not isinstance(entries, list):
        raise ProtocolError(400, "'feedback' is not a list")
    return [_entry(number, entry) for number, entry in enumerate(entries)]


def _entry(number: int, entry: object) -> Feedback:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise ProtocolError(400, f"feedback {number} has no 'id', the id of its request")
    request = parse_id(entry["id"], f"the 'id' of feedback {number}")
    labels = entry.get("labels")
    if not isinstance(labels, list) or not labels or not all(label in (0, 1) for label in labels):
        raise ProtocolError(400, f"feedback {number} ({request!r}) needs 'labels', a list of 0 and 1")
    return Feedback(request, bytes(int(label) for label in labels))
