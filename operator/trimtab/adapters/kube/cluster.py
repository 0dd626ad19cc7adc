"""The port `Cluster` on a real API server: reads from the cache of the watches, writes by server-side apply."""

from collections.abc import Mapping
from typing import Any

from trimtab.adapters.kube.api import APPLY, MERGE, PLURALS, ConflictError, KubeApi, NotFoundError, path
from trimtab.adapters.kube.cache import Cache, Listing
from trimtab.api.common import API_VERSION
from trimtab.errors import Wait
from trimtab.keys import Key, KubeObject

FIELD_MANAGER = "trimtab"
_OURS = {"fieldManager": FIELD_MANAGER}
_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
_FORCED = {**_OURS, "force": "true"}


class KubeCluster:
    """Our three kinds. Every answer of the API server goes into the cache, so reads see writes."""

    def __init__(self, api: KubeApi, cache: Cache) -> None:
        self._api = api
        self._cache = cache

    async def get(self, key: Key) -> KubeObject | None:
        """The object as it was last seen."""
        return self._cache.get(key)

    async def of_model(self, kind: str, namespace: str, model: str) -> list[KubeObject]:
        """The objects of a kind that are about a model, as they were last seen."""
        return self._cache.of_model(kind, namespace, model)

    async def apply(self, obj: KubeObject) -> KubeObject:
        """Server-side apply of what we own in an object."""
        return await self._patched(obj, "")

    async def apply_status(self, obj: KubeObject) -> KubeObject:
        """Server-side apply of the status."""
        return await self._patched(obj, "status")

    async def create(self, obj: KubeObject) -> KubeObject | None:
        """Create; None when an object of that name exists already."""
        place = path(obj["kind"], obj["metadata"]["namespace"])
        try:
            return self._kept(await self._api.call("POST", place, query=_OURS, body=obj))
        except ConflictError:
            return None
        except NotFoundError as error:
            raise Wait("Gone", str(error)) from error

    async def delete(self, key: Key, uid: str) -> None:
        """Delete the object if it is still the one with this uid. Absent is success."""
        options: dict[str, Any] = {"preconditions": {"uid": uid}, "propagationPolicy": "Background"}
        try:
            await self._api.call("DELETE", path(key.kind, key.namespace, key.name), body=options)
        except (NotFoundError, ConflictError):
            return

    async def release(self, obj: KubeObject) -> KubeObject:
        """Leave the object the finalizers it names, and take all others off, whoever put them on.

        By a merge patch: an apply takes away only what an apply put on, and a restored object has it otherwise.
        """
        return await self._patched(obj, "", query=_OURS, content=MERGE)

    async def discover(self) -> None:
        """Make sure the API server tells of our kinds; it does so a moment after it serves them, and kopf asks once.

        Raises:
            NotFoundError: not all of them are told of.

        """
        told = await self._api.call("GET", f"/apis/{API_VERSION}")
        missing = set(PLURALS.values()) - {resource["name"] for resource in told["resources"]}
        if missing:
            raise NotFoundError(f"the API server does not tell of {', '.join(sorted(missing))}")

    async def refresh(self, kind: str, namespace: str | None) -> list[KubeObject]:
        """All objects of a kind as the API server has them now; the cache is left as it is."""
        found = await self._api.call("GET", path(kind, namespace))
        head = {"apiVersion": found["apiVersion"], "kind": kind}
        return [{**head, **item} for item in found["items"]]

    async def listing(self, kind: str, namespace: str | None) -> Listing:
        """Which objects of a kind the API server has now, in which version."""
        found = await self._api.call("GET", path(kind, namespace), accept=_METADATA)
        keyed = ((item["metadata"], Key.of({**item, "kind": kind})) for item in found["items"] or ())
        versions = {key: int(meta["resourceVersion"]) for meta, key in keyed}
        return Listing(versions, int(found["metadata"]["resourceVersion"]))

    async def _patched(
        self, obj: KubeObject, subresource: str, query: Mapping[str, str] = _FORCED, content: str = APPLY
    ) -> KubeObject:
        meta = obj["metadata"]
        place = path(obj["kind"], meta["namespace"], meta["name"], subresource)
        try:
            return self._kept(await self._api.call("PATCH", place, query=query, body=obj, content=content))
        except (NotFoundError, ConflictError) as error:
            raise Wait("Gone", str(error)) from error

    def _kept(self, obj: KubeObject) -> KubeObject:
        self._cache.put(obj)
        return obj
