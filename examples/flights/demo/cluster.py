"""The API server, as a person reaches it: kubectl to apply, the three kinds to read."""

import asyncio
from pathlib import Path
from typing import Any

from kubernetes import client, config

from examples.flights.demo import world
from examples.flights.demo.settings import NAMESPACE
from trimtab.api.common import GROUP, VERSION

KINDS = ("trainingruns", "modelversions", "inferenceservices")


class Cluster:
    """Reads one namespace with the user's kubeconfig."""

    def __init__(self, kubeconfig: Path, namespace: str = NAMESPACE) -> None:
        self._namespace = namespace
        self._objects = client.CustomObjectsApi(config.new_client_from_config(str(kubeconfig)))

    async def look(self) -> world.World:
        """All three kinds as they are now."""
        lists = await asyncio.gather(*(asyncio.to_thread(self._list, kind) for kind in KINDS))
        return world.read(dict(zip(KINDS, lists, strict=True)))

    def _list(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._objects.list_namespaced_custom_object(
            GROUP, VERSION, self._namespace, kind
        )["items"]
        return found
