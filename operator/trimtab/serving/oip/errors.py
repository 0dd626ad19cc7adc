"""The error of the protocol."""


class ProtocolError(Exception):
    """Answered as `{"error": message}` with this status: 400 bad request, 404 unknown, 413 too large, 503 not ready."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the HTTP status and one sentence for the client."""
        super().__init__(message)
        self.status = status
        self.message = message
