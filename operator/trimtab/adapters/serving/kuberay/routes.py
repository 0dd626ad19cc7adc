"""HTTPRoutes beside what is served: made, changed and taken away with the plan."""

from typing import Any

from trimtab.adapters.kube.api import NotFoundError
from trimtab.adapters.kube.children import Children
from trimtab.adapters.serving.kuberay.render import holds
from trimtab.adapters.serving.kuberay.route import API, http_route, state_of
from trimtab.contract.serving import RouteState, ServingPlan
from trimtab.errors import Refuse

Json = dict[str, Any]


class Routes:
    """The routes of an installation that is to make any."""

    def __init__(self, children: Children, *, enabled: bool) -> None:
        self._children, self._enabled = children, enabled

    async def state(self, plan: ServingPlan, uid: str) -> RouteState | None:
        """What the Gateway says of a plan's route; None where it is not there as it is wanted, or none is."""
        if plan.route is None or not self._enabled:
            return None
        there = await self._children.owned(_path(plan.namespace, plan.name), uid)
        wanted = http_route(plan, uid)
        return state_of(there, plan.route.gateway) if there and holds(there, wanted) else None

    async def put(self, plan: ServingPlan, uid: str) -> None:
        """Bring the route to the plan.

        Raises:
            Refuse: this installation makes no routes, the cluster knows none, or the name is taken.

        """
        if plan.route is None:
            await self.remove(plan.namespace, plan.name, uid)
            return
        if not self._enabled:
            raise Refuse("DeployFailed", "this installation makes no routes: set serving.routes in the chart's values")
        try:
            await self._children.put(_path(plan.namespace, plan.name), http_route(plan, uid), uid)
        except NotFoundError as error:
            text = "the cluster knows no HTTPRoutes: install the Gateway API, or take spec.route away"
            raise Refuse("DeployFailed", text) from error

    async def remove(self, namespace: str, name: str, uid: str) -> None:
        """Take the route away. Absent is success."""
        if self._enabled:
            await self._children.delete(_path(namespace, name), uid)


def _path(namespace: str, name: str) -> str:
    return f"/apis/{API}/namespaces/{namespace}/httproutes/{name}"
