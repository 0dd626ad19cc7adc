"""Objects of other kinds that one of ours owns: read when asked, written by server-side apply, never taken over."""

from typing import Any

from trimtab.adapters.kube.api import APPLY, ConflictError, KubeApi, NotFoundError
from trimtab.adapters.kube.cluster import FIELD_MANAGER
from trimtab.errors import Refuse, Wait

Json = dict[str, Any]

_OURS = {"fieldManager": FIELD_MANAGER}
_FORCED = {**_OURS, "force": "true"}


class Children:
    """Children by the paths under which the API server has them."""

    def __init__(self, api: KubeApi) -> None:
        self._api = api

    async def get(self, place: str) -> Json | None:
        """The object; None where it, or its kind, is not there."""
        try:
            found: Json = await self._api.call("GET", place)
        except NotFoundError:
            return None
        return found

    async def owned(self, place: str, uid: str) -> Json | None:
        """The object, if its owner has this uid."""
        found = await self.get(place)
        return found if found is not None and _is_owned(found, uid) else None

    async def put(self, place: str, wanted: Json, uid: str) -> None:
        """Apply what we own in an object.

        Raises:
            NotFoundError: the API server does not know the kind.
            Refuse: somebody else has an object of that name.
            Wait: the object went, or was made, in between.

        """
        there = await self.get(place)
        if there is not None:
            _refuse_taken(there, uid)
            wanted = {**wanted, "metadata": {**wanted["metadata"], "uid": there["metadata"]["uid"]}}
        try:
            await self._api.call("PATCH", place, query=_FORCED, body=wanted, content=APPLY)
        except ConflictError as error:
            raise Wait("Gone", str(error)) from error

    async def create(self, place: str, wanted: Json) -> None:
        """Create; what is there already stays as it is, and is not read."""
        try:
            await self._api.call("POST", place, query=_OURS, body=wanted)
        except ConflictError:
            return

    async def delete(self, place: str, uid: str) -> None:
        """Delete in the background what is owned by this uid. Absent is success."""
        there = await self.owned(place, uid)
        if there is None:
            return
        options: Json = {"preconditions": {"uid": there["metadata"]["uid"]}, "propagationPolicy": "Background"}
        try:
            await self._api.call("DELETE", place, body=options)
        except (NotFoundError, ConflictError):
            return


def _is_owned(obj: Json, uid: str) -> bool:
    return any(owner["uid"] == uid for owner in obj["metadata"].get("ownerReferences", []))


def _refuse_taken(there: Json, uid: str) -> None:
    if not _is_owned(there, uid):
        what = f"{there['kind']} {there['metadata']['name']}"
        text = f"there is a {what} that is not this service's; delete it, or give the service another name"
        raise Refuse("DeployFailed", text)
