"""The port `Recorder`: Kubernetes Events, of which the same one is written only once."""

import hashlib
import logging
from datetime import UTC, datetime

from trimtab.adapters.kube.api import ConflictError, KubeApi, NotFoundError
from trimtab.errors import TrimtabError
from trimtab.keys import KubeObject

logger = logging.getLogger(__name__)
_NOTE_LENGTH = 1024


class EventRecorder:
    """Writes events; what happened is in the status too, so an event that cannot be written is dropped."""

    def __init__(self, api: KubeApi, instance: str) -> None:
        self._api = api
        self._instance = instance[:128]

    async def record(self, about: KubeObject, kind: str, reason: str, message: str) -> None:
        """Record once; `kind` is Normal or Warning."""
        event = self._event(about, kind, reason, message)
        place = f"/apis/events.k8s.io/v1/namespaces/{about['metadata']['namespace']}/events"
        try:
            await self._api.call("POST", place, body=event)
        except (ConflictError, NotFoundError):
            return
        except TrimtabError as error:
            logger.warning("an event was dropped: %s", error)

    def _event(self, about: KubeObject, kind: str, reason: str, message: str) -> KubeObject:
        meta = about["metadata"]
        said = "\n".join((meta["uid"], kind, reason, message))
        digest = hashlib.sha256(said.encode()).hexdigest()[:16]
        return {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"namespace": meta["namespace"], "name": f"{meta['name']}.{digest}"},
            "eventTime": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "reportingController": "trimtab.dev/operator",
            "reportingInstance": self._instance,
            "action": "Reconcile",
            "type": kind,
            "reason": reason,
            "note": (message or reason)[:_NOTE_LENGTH],
            "regarding": {
                "apiVersion": about["apiVersion"],
                "kind": about["kind"],
                "namespace": meta["namespace"],
                "name": meta["name"],
                "uid": meta["uid"],
            },
        }
