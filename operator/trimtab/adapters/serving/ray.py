"""The serving engine `ray`: Serve's REST API on a Ray cluster's dashboard.

A PUT tells Serve the whole cluster, so each change is put among what is there, by one writer at a time. A cluster that
was restarted has forgotten all; `find` then says so, and the plan is put in place again.
"""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from trimtab.adapters.serving import ray_config as config
from trimtab.adapters.serving.probe import ask
from trimtab.contract.serving import MonitorReport, Served, ServingPlan
from trimtab.errors import Refuse, Retry

_CHANGE = aiohttp.ClientTimeout(total=30)


class RayServing:
    """Puts plans in place on one Ray cluster."""

    def __init__(
        self, dashboard_url: str, serve_url: str, listens: tuple[str, int], token: str | None, state_dir: Path
    ) -> None:
        """Name the cluster. `listens` is Serve's host and port, `state_dir` where monitors keep files, on its side."""
        self._applications = f"{dashboard_url.rstrip('/')}/api/serve/applications/"
        self._serve_url, self._listens, self._state = serve_url.rstrip("/"), listens, state_dir
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._writer = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def find(self, namespace: str, name: str) -> Served | None:
        """Say what is in place for a service.

        Raises:
            Retry: Ray does not answer.

        """
        app = config.find_app(await self.status(), config.app_name(namespace, name))
        if app is None:
            return None
        found = config.served(app, self._url(namespace, name))
        in_place = found.plan is not None and app["deployed_app_config"] == self._rendered(found.plan)
        return found.model_copy(update={"outdated": not in_place})

    async def apply(self, plan: ServingPlan) -> None:
        """Put a plan in place; nothing is written where it is already.

        Raises:
            Retry: Ray does not answer.
            Refuse: Serve refuses the configuration, or the plan asks for what this engine does not have.

        """
        if plan.route is not None:
            raise Refuse("DeployFailed", "spec.route needs the serving engine kuberay: take it away")
        wanted = self._rendered(plan)
        async with self._writer:
            status = await self.status()
            if not config.has(status, wanted):
                await self._call("PUT", config.whole(status, wanted, *self._listens))

    async def remove(self, namespace: str, name: str) -> None:
        """Take a service down; the monitor's memory stays. Absent is success.

        Raises:
            Retry: Ray does not answer.

        """
        app = config.app_name(namespace, name)
        async with self._writer:
            status = await self.status()
            if config.find_app(status, app):
                await self._call("PUT", config.without(status, app, *self._listens))

    async def report(self, namespace: str, name: str) -> MonitorReport | None:
        """Ask the endpoint itself; None while it does not answer."""
        return await ask(self._client(), self._url(namespace, name))

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()

    def _rendered(self, plan: ServingPlan) -> dict[str, Any]:
        return config.render(plan, str(self._state / f"{config.app_name(plan.namespace, plan.name)}.sqlite"))

    def _url(self, namespace: str, name: str) -> str:
        return self._serve_url + config.route(namespace, name)

    async def status(self) -> dict[str, Any]:
        """Return what Serve says of the whole cluster.

        Raises:
            Retry: Ray does not answer.

        """
        status: dict[str, Any] = await self._call("GET")
        return status

    async def _call(self, method: str, body: dict[str, Any] | None = None) -> Any:
        request = self._client().request(method, self._applications, json=body, headers=self._headers, timeout=_CHANGE)
        try:
            async with request as response:
                text = await response.text()
                _raise_for(response.status, text)
                return await response.json() if text else None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Retry("ServingUnavailable", f"Ray does not answer at {self._applications}: {error}") from error

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session


def _raise_for(status: int, text: str) -> None:
    if status == 400:  # noqa: PLR2004  # bad request
        raise Refuse("DeployFailed", f"Serve refuses the configuration: {text}")
    if status >= 400:  # noqa: PLR2004  # any other error
        raise Retry("ServingUnavailable", f"Ray answered {status}: {text}")
