"""The serving engine `kuberay`: a RayService of its own for each InferenceService, written by server-side apply.

    InferenceService ──owns──► RayService ──(KubeRay)──► RayCluster ──► pods          Service NAME-serve-svc
                     ──owns──► Secret NAME-ray-token                                  where the endpoint answers

We own only the fields we render. Nothing is kept here: what is in place is read back from the RayService each time.
"""

import secrets
from typing import Any

import aiohttp

from trimtab.adapters import pod_trouble, serving_kuberay_features, serving_kuberay_health
from trimtab.adapters import serving_kuberay_render as render
from trimtab.adapters.cluster import FIELD_MANAGER
from trimtab.adapters.kube_api import APPLY, ConflictError, KubeApi, NotFoundError
from trimtab.adapters.pod_trouble import Obstacle
from trimtab.adapters.serving_kuberay_features import SCHEMA, Features
from trimtab.adapters.serving_kuberay_pods import PodSettings
from trimtab.adapters.serving_probe import ask
from trimtab.adapters.serving_ray_config import app_name
from trimtab.contract.serving import MonitorReport, Served, ServingPlan
from trimtab.errors import Refuse, Wait
from trimtab.keys import Key
from trimtab.ports import Cluster

Json = dict[str, Any]

_OURS = {"fieldManager": FIELD_MANAGER}
_FORCED = {**_OURS, "force": "true"}
_TOKEN_BYTES = 32
_MISSING = "the cluster does not know RayServices: install KubeRay, or choose another serving engine"


class KuberayServing:
    """Puts plans in place as RayServices."""

    def __init__(self, api: KubeApi, cluster: Cluster, settings: PodSettings) -> None:
        self._api, self._cluster, self._settings = api, cluster, settings
        self._session: aiohttp.ClientSession | None = None
        self._known: Features | None = None

    async def find(self, namespace: str, name: str) -> Served | None:
        """Say what is in place for a service.

        Raises:
            Retry: the API server does not answer.

        """
        service = await self._service(namespace, name)
        uid = await self._owner(namespace, name)
        if service is None or uid is None or not _owned(service, uid):
            return None
        plan = render.plan_in(service)
        found = serving_kuberay_health.health(service, app_name(namespace, name))
        if found.phase in ("Deploying", "Rolling") and found.cluster:
            found = serving_kuberay_health.with_obstacle(found, await self._obstacle(namespace, found.cluster))
        wanted = plan and render.ray_service(plan, uid, self._settings, await self._features())
        return Served(
            plan=plan,
            phase=found.phase,
            reason=found.reason,
            message=found.message,
            url=render.url(namespace, name),
            outdated=wanted is None or not render.holds(service, wanted),
        )

    async def apply(self, plan: ServingPlan) -> None:
        """Put a plan in place; the API server writes nothing where it is already.

        Raises:
            Retry: the API server does not answer.
            Wait: KubeRay is not installed, or the service is going.
            Refuse: the API server refuses the RayService, or its name is taken.

        """
        uid = await self._owner(plan.namespace, plan.name)
        there = await self._service(plan.namespace, plan.name)
        if uid is None:
            raise Wait("Gone", "the service is gone")
        if there is not None and not _owned(there, uid):
            raise Refuse("DeployFailed", _taken(there))
        features = await self._features()
        if features.named_token:
            await self._keep_token(plan, uid)
        await self._put(render.ray_service(plan, uid, self._settings, features), there)

    async def remove(self, namespace: str, name: str) -> None:
        """Take a service down. Absent is success, and so is a RayService of someone else's.

        Raises:
            Retry: the API server does not answer.

        """
        service, uid = await self._service(namespace, name), await self._owner(namespace, name)
        if service is None or uid is None or not _owned(service, uid):
            return
        options: Json = {"preconditions": {"uid": service["metadata"]["uid"]}, "propagationPolicy": "Background"}
        try:
            await self._api.call("DELETE", _path(namespace, "rayservices", render.name_of(name)), body=options)
        except (NotFoundError, ConflictError):
            return

    async def report(self, namespace: str, name: str) -> MonitorReport | None:
        """Ask the endpoint itself; None while it does not answer."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return await ask(self._session, render.url(namespace, name))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()

    async def _service(self, namespace: str, name: str) -> Json | None:
        return await self._get(_path(namespace, "rayservices", render.name_of(name)))

    async def _owner(self, namespace: str, name: str) -> str | None:
        owner = await self._cluster.get(Key("InferenceService", namespace, name))
        return str(owner["metadata"]["uid"]) if owner else None

    async def _obstacle(self, namespace: str, cluster: str) -> Obstacle | None:
        """What keeps the pods of a cluster that is not there yet; asked for only then."""
        found = await self._get(_path(namespace, "rayclusters", cluster))
        refusal = serving_kuberay_health.refusal_in(found) if found else None
        if refusal is not None:
            return refusal
        query = {"labelSelector": f"ray.io/cluster={cluster}"}
        pods = await self._api.call("GET", f"/api/v1/namespaces/{namespace}/pods", query=query)
        return pod_trouble.of_pods(pods["items"])

    async def _get(self, place: str) -> Json | None:
        try:
            found: Json = await self._api.call("GET", place)
        except NotFoundError:
            return None
        return found

    async def _features(self) -> Features:
        """What KubeRay can do, asked once: the answer is as large as its kinds."""
        if self._known is None:
            try:
                self._known = serving_kuberay_features.read(await self._api.call("GET", SCHEMA))
            except NotFoundError as error:
                raise Wait("KubeRayNotInstalled", _MISSING) from error
        return self._known

    async def _keep_token(self, plan: ServingPlan, uid: str) -> None:
        """Make the token where there is none; it is never read, for only KubeRay needs it."""
        secret = render.token_secret(plan, uid, secrets.token_hex(_TOKEN_BYTES))
        try:
            await self._api.call("POST", f"/api/v1/namespaces/{plan.namespace}/secrets", query=_OURS, body=secret)
        except ConflictError:
            return

    async def _put(self, wanted: Json, there: Json | None) -> None:
        meta = wanted["metadata"]
        if there is not None:
            wanted = {**wanted, "metadata": {**meta, "uid": there["metadata"]["uid"]}}
        place = _path(meta["namespace"], "rayservices", meta["name"])
        try:
            await self._api.call("PATCH", place, query=_FORCED, body=wanted, content=APPLY)
        except NotFoundError as error:
            self._known = None
            raise Wait("KubeRayNotInstalled", _MISSING) from error
        except ConflictError as error:
            raise Wait("Gone", str(error)) from error


def _path(namespace: str, plural: str, name: str) -> str:
    return f"/apis/{render.RAY_API}/namespaces/{namespace}/{plural}/{name}"


def _owned(service: Json, uid: str) -> bool:
    return any(owner["uid"] == uid for owner in service["metadata"].get("ownerReferences", []))


def _taken(there: Json) -> str:
    name = there["metadata"]["name"]
    return f"there is a RayService {name} that is not this service's; delete it, or give the service another name"
