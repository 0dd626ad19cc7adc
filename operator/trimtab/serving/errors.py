"""Errors of the protocol: a status of HTTP and one sentence for the client."""


class ProtocolError(Exception):
    """Answered as `{"error": message}` with this status: 400 bad request, 404 unknown, 413 too large, 503 not ready."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class VersionError(Exception):
    """A version cannot be loaded: its file is not there, not the one that was registered, or not a model."""
