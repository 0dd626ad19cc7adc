"""The model registry: MLflow's REST API, for what people look at there (tags and aliases of a version).

Each call may be repeated. MLflow refuses dots in an alias, so `v1.4.2` is known there as `v1-4-2`.
"""

from collections.abc import Mapping

from trimtab.adapters.mlflow.api import DEADLINE, MlflowApi


class MlflowRegistry:
    """Registered models of one MLflow server."""

    def __init__(self, tracking_uri: str, deadline: float = DEADLINE) -> None:
        """Name the server, and the longest time in seconds that a call may take."""
        self._api = MlflowApi(tracking_uri, deadline)

    async def label(self, model: str, mlflow_version: int, tags: Mapping[str, str]) -> None:
        """Set tags of a version.

        Raises:
            Retry: TrackingUnavailable.
            Refuse: TrackingRefused, when MLflow does not know the version.

        """
        for key, value in tags.items():
            body = {"name": model, "version": str(mlflow_version), "key": key, "value": value}
            await self._api.call("POST", "model-versions/set-tag", body)

    async def alias(self, model: str, alias: str, mlflow_version: int) -> None:
        """Point an alias at a version, wherever it pointed before.

        Raises:
            Retry: TrackingUnavailable.
            Refuse: TrackingRefused, when MLflow does not know the version or does not take the name.

        """
        body = {"name": model, "alias": _alias(alias), "version": str(mlflow_version)}
        await self._api.call("POST", "registered-models/alias", body)

    async def unalias(self, model: str, alias: str, mlflow_version: int) -> None:
        """Take an alias away if it still points at this version. Absent is success.

        Raises:
            Retry: TrackingUnavailable.

        """
        name = {"name": model, "alias": _alias(alias)}
        found = await self._api.call("GET", "registered-models/alias", name, absent_ok=True)
        if found.get("model_version", {}).get("version") == str(mlflow_version):
            await self._api.call("DELETE", "registered-models/alias", name, absent_ok=True)


def _alias(alias: str) -> str:
    return alias.replace(".", "-")
