"""The model registry: MLflow's REST API, for what people look at there (tags and aliases of a version).

Its calls need no client of 1.2 s and 37 MB that retries for minutes: docs/decisions/0007. Each may be repeated; each
ends within its deadline; a server that does not answer, or fails, is worth another try. MLflow refuses dots in
an alias, so `v1.4.2` is known there as `v1-4-2`.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp

from trimtab.errors import Refuse, Retry

UNAVAILABLE, REFUSED = "TrackingUnavailable", "TrackingRefused"
_DEADLINE = 10.0
_ABSENT = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")  # MLflow's answers for a missing alias


class MlflowRegistry:
    """Registered models of one MLflow server."""

    def __init__(self, tracking_uri: str, deadline: float = _DEADLINE) -> None:
        """Name the server, and the longest time in seconds that a call may take."""
        self._uri = tracking_uri.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=deadline)

    async def label(self, model: str, mlflow_version: int, tags: Mapping[str, str]) -> None:
        """Set tags of a version.

        Raises:
            Retry: TrackingUnavailable.
            Refuse: TrackingRefused, when MLflow does not know the version.

        """
        for key, value in tags.items():
            body = {"name": model, "version": str(mlflow_version), "key": key, "value": value}
            await self._call("POST", "model-versions/set-tag", body)

    async def alias(self, model: str, alias: str, mlflow_version: int) -> None:
        """Point an alias at a version, wherever it pointed before.

        Raises:
            Retry: TrackingUnavailable.
            Refuse: TrackingRefused, when MLflow does not know the version or does not take the name.

        """
        body = {"name": model, "alias": _alias(alias), "version": str(mlflow_version)}
        await self._call("POST", "registered-models/alias", body)

    async def unalias(self, model: str, alias: str, mlflow_version: int) -> None:
        """Take an alias away if it still points at this version. Absent is success.

        Raises:
            Retry: TrackingUnavailable.

        """
        name = {"name": model, "alias": _alias(alias)}
        found = await self._call("GET", "registered-models/alias", name, absent_ok=True)
        if found.get("model_version", {}).get("version") == str(mlflow_version):
            await self._call("DELETE", "registered-models/alias", name, absent_ok=True)

    async def _call(self, method: str, path: str, fields: dict[str, str], *, absent_ok: bool = False) -> dict[str, Any]:
        place: dict[str, Any] = {"params": fields} if method == "GET" else {"json": fields}
        url = f"{self._uri}/api/2.0/mlflow/{path}"
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as session,
                session.request(method, url, **place) as answer,
            ):
                content = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise _unavailable(self._uri, f"{type(error).__name__} {error}") from error
        return self._checked(answer.status, content, absent_ok=absent_ok)

    def _checked(self, status: int, content: dict[str, Any], *, absent_ok: bool) -> dict[str, Any]:
        if status == HTTPStatus.OK:
            return content
        code, text = content.get("error_code", status), str(content.get("message", ""))[:160]
        if absent_ok and code in _ABSENT:
            return {}
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _unavailable(self._uri, f"{code} {text}")
        raise Refuse(REFUSED, f"MLflow at {self._uri} refused: {code} {text}")


def _alias(alias: str) -> str:
    return alias.replace(".", "-")


def _unavailable(uri: str, cause: str) -> Retry:
    return Retry(UNAVAILABLE, f"MLflow at {uri} does not answer ({cause.strip()[:160]}): bring it back")
