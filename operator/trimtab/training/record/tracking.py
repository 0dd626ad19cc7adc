"""The MLflow run of a training: found by its tag before it is made, so a second attempt goes on in the same run.

Speaks MLflow's REST API through the standard library: importing MLflow's client costs seconds, and a step that trains
needs two calls of it. What the run holds is written by `registry.py`, once the model has been judged.
"""

import json
import os
import time
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from trimtab import mlflow_access
from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import RunRequest
from trimtab.contract.told import RUN_TAG, experiment
from trimtab.errors import Refuse, Retry

_TIMEOUT = 20.0
_MISSING, _SERVER_FAULT = 404, 500


class Tracking:
    """An MLflow server's REST API."""

    def __init__(self, uri: str) -> None:
        self._base = f"{uri.rstrip('/')}/api/2.0/mlflow"

    @classmethod
    def from_environment(cls) -> "Tracking":
        """The server that MLFLOW_TRACKING_URI names.

        Raises:
            Refuse: TrackingUnavailable, when the variable is not set.

        """
        uri = os.environ.get("MLFLOW_TRACKING_URI", "")
        if not uri.startswith("http"):
            message = f"MLFLOW_TRACKING_URI is {uri!r}: set it to the http(s) address of an MLflow server"
            raise Refuse(TrainingReason.TRACKING_UNAVAILABLE, message)
        return cls(uri)

    def ensure_run(self, request: RunRequest) -> str:
        """Id of the MLflow run of this TrainingRun, made if it is not there.

        Raises:
            Retry: TrackingUnavailable.

        """
        place = self._experiment(request)
        found = self._find(place, request)
        return str(found["info"]["run_id"] if found else self._create(place, request))

    def tags_of(self, request: RunRequest) -> dict[str, str]:
        """The tags of the MLflow run of this TrainingRun; none when there is no run.

        Raises:
            Retry: TrackingUnavailable.

        """
        found = self._find(self._experiment(request), request)
        return {tag["key"]: tag["value"] for tag in found["data"].get("tags", [])} if found else {}

    def tag(self, run: str, tags: Mapping[str, str]) -> None:
        """Set tags, all at once.

        Raises:
            Retry: TrackingUnavailable.

        """
        entries = [{"key": key, "value": value} for key, value in tags.items()]
        self._call("runs/log-batch", {"run_id": run, "tags": entries})

    def mark_running(self, run: str) -> None:
        """Show the run as at work (again)."""
        self._call("runs/update", {"run_id": run, "status": "RUNNING"})

    def mark_failed(self, run: str) -> None:
        """Show the run as failed."""
        self._call("runs/update", {"run_id": run, "status": "FAILED", "end_time": _now()})

    def _create(self, place: str, request: RunRequest) -> Any:
        body = {
            "experiment_id": place,
            "run_name": request.training_run,
            "start_time": _now(),
            "tags": [{"key": RUN_TAG, "value": request.uid}],
        }
        return self._call("runs/create", body)["run"]["info"]["run_id"]

    def _find(self, place: str, request: RunRequest) -> dict[str, Any] | None:
        wanted = {"experiment_ids": [place], "filter": f"tags.`{RUN_TAG}` = '{request.uid}'", "max_results": 1}
        found = self._call("runs/search", wanted).get("runs", [])
        return found[0] if found else None

    def _experiment(self, request: RunRequest) -> str:
        name = experiment(request.namespace, request.spec.model)
        query = urlencode({"experiment_name": name})
        found = self._call(f"experiments/get-by-name?{query}", None)
        if found:
            return str(found["experiment"]["experiment_id"])
        self._call("experiments/create", {"name": name})
        return str(self._call(f"experiments/get-by-name?{query}", None)["experiment"]["experiment_id"])

    def _call(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **mlflow_access.authorization(os.environ)}
        request = Request(f"{self._base}/{path}", content, headers)  # noqa: S310  # http(s) by from_environment
        try:
            with urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310  # the same
                result: dict[str, Any] = json.load(answer)
        except HTTPError as error:
            return self._refused(path, error)
        except (URLError, OSError, ValueError) as error:
            raise unavailable(self._base, error) from error
        return result

    def _refused(self, path: str, error: HTTPError) -> dict[str, Any]:
        """Absent and made by another meanwhile are answers; a fault of the server is worth another attempt."""
        text = error.read().decode(errors="replace")
        if error.code == _MISSING or "RESOURCE_ALREADY_EXISTS" in text:
            return {}
        if error.code in mlflow_access.PASSING:
            message = mlflow_access.passing(error.code, " ".join(text.split())[:120])
            raise Retry(TrainingReason.TRACKING_UNAVAILABLE, message) from error
        if error.code >= _SERVER_FAULT:
            raise unavailable(self._base, error) from error
        message = f"MLflow refused {path} ({error.code}): {text[:160]}"
        raise Refuse(TrainingReason.TRACKING_UNAVAILABLE, message) from error


def unavailable(uri: str, error: Exception) -> Retry:
    """MLflow does not answer."""
    cause = " ".join(str(error).split())[:120]
    message = f"MLflow at {uri} does not answer ({cause}): bring it back, the run tries again by itself"
    return Retry(TrainingReason.TRACKING_UNAVAILABLE, message)


def _now() -> int:
    return int(time.time() * 1000)
