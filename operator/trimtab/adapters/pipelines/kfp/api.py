"""Plain calls to the KFP API server (v2beta1): each ends within its deadline, and says what kind of failure it met.

Four calls are needed, as of MLflow (docs/decisions/0007); the bodies are held to `kfp-server-api`'s models in tests.
The token is the one KFP's own SDK uses in a pod: a service account's, projected for KFP's audience, read each time.
"""

import json
import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp

from trimtab.api.reasons import TrainingReason
from trimtab.errors import Refuse, Retry

Json = dict[str, Any]

_DEADLINE = 15.0
_TOKEN = "/var/run/secrets/kubeflow/pipelines/token"  # noqa: S105  # where it is, not what it is
_PASSING = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
"""Refusals that say nothing of the run: they end when an administrator, or time, puts them right."""
_PAGE = 100


class KfpApi:
    """One KFP API server."""

    def __init__(self, url: str, deadline: float = _DEADLINE) -> None:
        """Name the server, and the longest time in seconds that a call may take."""
        self._url = f"{url.rstrip('/')}/apis/v2beta1"
        self._timeout = aiohttp.ClientTimeout(total=deadline)

    async def named(self, display_name: str) -> list[Json]:
        """The runs of a name, the oldest first: names are not unique there.

        Raises:
            Retry: EngineUnavailable.
            Refuse: EngineRefused, when the server does not know the call.

        """
        equals = {"operation": "EQUALS", "key": "display_name", "stringValue": display_name}
        query = {
            "filter": json.dumps({"predicates": [equals]}),
            "page_size": str(_PAGE),
            "sort_by": "created_at asc",
        }
        found: list[Json] = (await self._call("GET", "runs", query=query)).get("runs", [])
        return found

    async def create(self, run: Json) -> None:
        """Create a run. A second call makes a second one.

        Raises:
            Retry: EngineUnavailable.
            Refuse: EngineRefused.

        """
        await self._call("POST", "runs", body=run)

    async def terminate(self, run_id: str) -> None:
        """Ask for a run's end; one that has ended meanwhile is left as it is.

        Raises:
            Retry: EngineUnavailable.

        """
        try:
            await self._call("POST", f"runs/{run_id}:terminate")
        except Refuse:
            return

    async def _call(
        self, method: str, path: str, *, query: dict[str, str] | None = None, body: Json | None = None
    ) -> Json:
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=_authorization(), trust_env=True) as session,
                session.request(method, f"{self._url}/{path}", params=query, json=body) as answer,
            ):
                content: Json = await answer.json(content_type=None) or {}
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise self._unavailable(f"{type(error).__name__} {error}") from error
        if answer.status == HTTPStatus.OK:
            return content
        said = f"{answer.status} {content.get('message', '')}"
        if answer.status in _PASSING or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise self._unavailable(said)
        raise Refuse(TrainingReason.ENGINE_REFUSED, f"Kubeflow Pipelines refused the run: {said[:220]}")

    def _unavailable(self, cause: str) -> Retry:
        message = f"Kubeflow Pipelines at {self._url} does not answer ({cause.strip()[:160]}): bring it back"
        return Retry(TrainingReason.ENGINE_UNAVAILABLE, message)


def _authorization() -> dict[str, str]:
    file = Path(os.environ.get("KF_PIPELINES_SA_TOKEN_PATH", _TOKEN))
    return {"Authorization": f"Bearer {file.read_text().strip()}"} if file.is_file() else {}
