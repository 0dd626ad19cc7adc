"""The serving engine `kuberay`: a RayService of its own for each InferenceService, written by server-side apply.

    InferenceService ──owns──► RayService ──(KubeRay)──► RayCluster ──► pods          Service NAME-serve-svc
                     ──owns──► Secret NAME-ray-token-UID                              where the endpoint answers

We own only the fields we render. Nothing is kept here: what is in place is read back from the RayService each time.
"""

import secrets
from collections.abc import Callable
from typing import Any

import aiohttp

from trimtab.adapters.kube import pod_trouble
from trimtab.adapters.kube.api import KubeApi, NotFoundError
from trimtab.adapters.kube.children import Children
from trimtab.adapters.kube.pod_trouble import Obstacle
from trimtab.adapters.serving.kuberay import render
from trimtab.adapters.serving.kuberay.features import SCHEMA, Features, read
from trimtab.adapters.serving.kuberay.health import Health, health, refusal_in, with_obstacle
from trimtab.adapters.serving.kuberay.pods import PodSettings
from trimtab.adapters.serving.kuberay.routes import Routes
from trimtab.adapters.serving.probe import ask
from trimtab.adapters.serving.ray_config import app_name
from trimtab.contract.serving import MonitorReport, Served, ServingPlan
from trimtab.errors import Wait
from trimtab.keys import Key
from trimtab.ports import Cluster

Json = dict[str, Any]

_TOKEN_BYTES = 32
_MISSING = "the cluster does not know RayServices: install KubeRay, or choose another serving engine"


class KuberayServing:
    """Puts plans in place as RayServices."""

    def __init__(
        self,
        api: KubeApi,
        cluster: Cluster,
        settings: PodSettings,
        *,
        routes: bool = False,
        connect: Callable[[], aiohttp.ClientSession] = aiohttp.ClientSession,
    ) -> None:
        """Make routes too where an installation is to; `connect` is how endpoints inside the cluster are reached."""
        self._api, self._cluster, self._settings, self._connect = api, cluster, settings, connect
        self._children = Children(api)
        self._routes = Routes(self._children, enabled=routes)
        self._session: aiohttp.ClientSession | None = None
        self._known: Features | None = None

    async def find(self, namespace: str, name: str) -> Served | None:
        """Say what is in place for a service.

        Raises:
            Retry: the API server does not answer.

        """
        uid = await self._owner(namespace, name)
        service = await self._children.owned(_service(namespace, name), uid) if uid else None
        if service is None or uid is None:
            return None
        found = health(service, app_name(namespace, name))
        if found.phase in ("Deploying", "Rolling") and found.cluster:
            found = with_obstacle(found, await self._obstacle(namespace, found.cluster))
        return await self._served(service, uid, found, render.url(namespace, name))

    async def apply(self, plan: ServingPlan) -> None:
        """Put a plan in place; the API server writes nothing where it is already.

        Raises:
            Retry: the API server does not answer.
            Wait: KubeRay is not installed, or the service is going.
            Refuse: the API server refuses an object, its name is taken, or there are no routes.

        """
        uid = await self._owner(plan.namespace, plan.name)
        if uid is None:
            raise Wait("Gone", "the service is gone")
        features = await self._features()
        if features.named_token:
            secret = render.token_secret(plan, uid, secrets.token_hex(_TOKEN_BYTES))
            await self._children.create(f"/api/v1/namespaces/{plan.namespace}/secrets", secret)
        wanted = render.ray_service(plan, uid, self._settings, features)
        try:
            await self._children.put(_service(plan.namespace, plan.name), wanted, uid)
        except NotFoundError as error:
            self._known = None
            raise Wait("KubeRayNotInstalled", _MISSING) from error
        await self._routes.put(plan, uid)

    async def remove(self, namespace: str, name: str) -> None:
        """Take a service down. Absent is success, and so is a RayService of someone else's.

        Raises:
            Retry: the API server does not answer.

        """
        if uid := await self._owner(namespace, name):
            await self._routes.remove(namespace, name, uid)
            await self._children.delete(_service(namespace, name), uid)

    async def report(self, namespace: str, name: str) -> MonitorReport | None:
        """Ask the endpoint itself; None while it does not answer."""
        if self._session is None or self._session.closed:
            self._session = self._connect()
        return await ask(self._session, render.url(namespace, name))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()

    async def _served(self, service: Json, uid: str, found: Health, url: str) -> Served:
        told = {"phase": found.phase, "reason": found.reason, "message": found.message, "url": url}
        plan = render.plan_in(service)
        if plan is None:
            return Served.model_validate({**told, "outdated": True})
        in_place = render.holds(service, render.ray_service(plan, uid, self._settings, await self._features()))
        route = await self._routes.state(plan, uid)
        outdated = not in_place or (plan.route is not None and route is None)
        return Served.model_validate({**told, "plan": plan, "route": route, "outdated": outdated})

    async def _owner(self, namespace: str, name: str) -> str | None:
        owner = await self._cluster.get(Key("InferenceService", namespace, name))
        return str(owner["metadata"]["uid"]) if owner else None

    async def _obstacle(self, namespace: str, cluster: str) -> Obstacle | None:
        """What keeps the pods of a cluster that is not there yet; asked for only then."""
        found = await self._children.get(_path(namespace, "rayclusters", cluster))
        refusal = refusal_in(found) if found else None
        if refusal is not None:
            return refusal
        query = {"labelSelector": f"ray.io/cluster={cluster}"}
        pods = await self._api.call("GET", f"/api/v1/namespaces/{namespace}/pods", query=query)
        return pod_trouble.of_pods(pods["items"])

    async def _features(self) -> Features:
        """What KubeRay can do, asked once: the answer is as large as its kinds."""
        if self._known is None:
            try:
                self._known = read(await self._api.call("GET", SCHEMA))
            except NotFoundError as error:
                raise Wait("KubeRayNotInstalled", _MISSING) from error
        return self._known


def _service(namespace: str, name: str) -> str:
    return _path(namespace, "rayservices", render.name_of(name))


def _path(namespace: str, plural: str, name: str) -> str:
    return f"/apis/{render.RAY_API}/namespaces/{namespace}/{plural}/{name}"
