"""Engines that speak to `tests.support.outside`; the operator takes them by `module:factory`, as any third engine."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from trimtab.contract.run import RunRequest, RunState
from trimtab.contract.serving import MonitorReport, Served, ServingPlan
from trimtab.errors import Retry
from trimtab.handlers.settings import Settings
from trimtab.keys import RunKey


class _Remote:
    port = ""

    def __init__(self, url: str, namespace: str) -> None:
        self._url, self._namespace = url, namespace
        self._session: aiohttp.ClientSession | None = None

    async def _ask(self, namespace: str, method: str, **fields: Any) -> Any:
        self._session = self._session or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        try:
            async with self._session.post(f"{self._url}/{namespace}/{self.port}/{method}", json=fields) as answer:
                if answer.status == 503:
                    raise Retry("Unavailable", f"{self.port} does not answer")
                answer.raise_for_status()
                return await answer.json()
        except aiohttp.ClientError as error:
            raise Retry("Unavailable", f"{self.port}: {error}") from error

    async def close(self) -> None:
        if self._session:
            await self._session.close()


class Pipelines(_Remote):
    port = "pipelines"

    async def find(self, key: RunKey) -> RunState | None:
        found = await self._ask(key.namespace, "find", name=key.name)
        return RunState.model_validate(found) if found else None

    async def start(self, key: RunKey, request: RunRequest) -> None:
        await self._ask(key.namespace, "start", name=key.name, request=request.wire())

    async def cancel(self, key: RunKey) -> None:
        await self._ask(key.namespace, "cancel", name=key.name)


class Serving(_Remote):
    port = "serving"

    async def find(self, namespace: str, name: str) -> Served | None:
        found = await self._ask(namespace, "find", name=name)
        return Served.model_validate(found) if found else None

    async def apply(self, plan: ServingPlan) -> None:
        await self._ask(plan.namespace, "apply", plan=plan.wire())

    async def remove(self, namespace: str, name: str) -> None:
        await self._ask(namespace, "remove", name=name)

    async def report(self, namespace: str, name: str) -> MonitorReport | None:
        found = await self._ask(namespace, "report", name=name)
        return MonitorReport.model_validate(found) if found else None


class Registry(_Remote):
    port = "registry"

    async def label(self, model: str, mlflow_version: int, tags: Mapping[str, str]) -> None:  # noqa: ARG002
        await self._ask(self._namespace, "label", mlflow_version=mlflow_version, tags=dict(tags))

    async def alias(self, model: str, alias: str, mlflow_version: int) -> None:  # noqa: ARG002
        await self._ask(self._namespace, "alias", alias=alias, mlflow_version=mlflow_version)

    async def unalias(self, model: str, alias: str, mlflow_version: int) -> None:  # noqa: ARG002
        await self._ask(self._namespace, "unalias", alias=alias, mlflow_version=mlflow_version)


def pipelines(settings: Settings) -> Pipelines:
    return Pipelines(settings.need("OUTSIDE_URL"), "".join(settings.watched))


def serving(settings: Settings) -> Serving:
    return Serving(settings.need("OUTSIDE_URL"), "".join(settings.watched))


def registry(settings: Settings) -> Registry:
    return Registry(settings.need("OUTSIDE_URL"), "".join(settings.watched))
