"""What pipeline runs in pods tell of themselves, read from MLflow: see trimtab.contract.told."""

from trimtab.adapters.mlflow.api import DEADLINE, MlflowApi
from trimtab.contract import told
from trimtab.contract.run import RunState
from trimtab.keys import RunKey

_EXPERIMENTS = 1000  # MLflow searches no more at once


class MlflowResults:
    """The states of runs, by their names."""

    def __init__(self, tracking_uri: str, deadline: float = DEADLINE) -> None:
        """Name the server, and the longest time in seconds that a call may take."""
        self._api = MlflowApi(tracking_uri, deadline)

    async def find(self, key: RunKey) -> RunState | None:
        """What the run told last; None when it has told nothing.

        Raises:
            Retry: TrackingUnavailable.
            Refuse: TrackingRefused.

        """
        places = await self._experiments(key.namespace)
        if not places:
            return None
        wanted = {"experiment_ids": places, "filter": f"tags.`{told.tag(key.name)}` != ''", "max_results": 1}
        for run in (await self._api.call("POST", "runs/search", wanted)).get("runs", []):
            return told.from_tags(key.name, {tag["key"]: tag["value"] for tag in run["data"]["tags"]})
        return None

    async def _experiments(self, namespace: str) -> list[str]:
        name = told.experiment(namespace, "%")
        wanted = {"filter": f"name LIKE '{name}'", "max_results": _EXPERIMENTS}
        found = await self._api.call("POST", "experiments/search", wanted)
        return [experiment["experiment_id"] for experiment in found.get("experiments", [])]
