"""Plain calls to MLflow's REST API: each ends within its deadline, and a server that fails is worth another try.

No client of 1.2 s and 37 MB that retries for minutes is needed for them: docs/decisions/0007.
"""

import json
import os
from http import HTTPStatus
from typing import Any

import aiohttp

from trimtab import mlflow_access
from trimtab.errors import Refuse, Retry

UNAVAILABLE, REFUSED = "TrackingUnavailable", "TrackingRefused"
DEADLINE = 10.0
_ABSENT = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")  # MLflow's answers for a missing alias


class MlflowApi:
    """One MLflow server."""

    def __init__(self, uri: str, deadline: float = DEADLINE) -> None:
        """Name the server, and the longest time in seconds that a call may take."""
        self._uri = uri.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=deadline)

    async def call(self, method: str, path: str, fields: dict[str, Any], *, absent_ok: bool = False) -> dict[str, Any]:
        """Ask, and return the answer's JSON; with `absent_ok`, nothing where MLflow knows nothing of that name.

        Raises:
            Retry: TrackingUnavailable.
            Refuse: TrackingRefused.

        """
        place: dict[str, Any] = {"params": fields} if method == "GET" else {"json": fields}
        session = aiohttp.ClientSession(
            timeout=self._timeout, headers=mlflow_access.authorization(os.environ), trust_env=True
        )
        try:
            async with session, session.request(method, f"{self._uri}/api/2.0/mlflow/{path}", **place) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise self._unavailable(f"{type(error).__name__} {error}") from error
        return self._checked(answer.status, text, absent_ok=absent_ok)

    def _checked(self, status: int, text: str, *, absent_ok: bool) -> dict[str, Any]:
        content = _object_in(text)
        if status == HTTPStatus.OK and content is not None:
            return content
        told = content or {"message": " ".join(text.split())}
        code, message = told.get("error_code", status), str(told.get("message", ""))[:160]
        if absent_ok and code in _ABSENT:
            return {}
        if status in mlflow_access.PASSING:
            raise Retry(UNAVAILABLE, mlflow_access.passing(status, message))
        if content is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise self._unavailable(f"{code} {message}")
        raise Refuse(REFUSED, f"MLflow at {self._uri} refused: {code} {message}")

    def _unavailable(self, cause: str) -> Retry:
        return Retry(UNAVAILABLE, f"MLflow at {self._uri} does not answer ({cause.strip()[:160]}): bring it back")


def _object_in(text: str) -> dict[str, Any] | None:
    """The JSON object that an answer is; None for anything else, which is not MLflow's own word."""
    try:
        content = json.loads(text)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
