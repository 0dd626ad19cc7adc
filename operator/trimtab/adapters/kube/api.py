"""Plain calls to the Kubernetes API: paths in, JSON out, failures sorted into retry and refuse."""

import json
import os
from collections.abc import Mapping
from typing import Any

import aiohttp
import yaml
from kubernetes.aio import config
from kubernetes.aio.client import ApiClient, Configuration

from trimtab.api.common import API_VERSION
from trimtab.api.kinds import KINDS
from trimtab.errors import Refuse, Retry
from trimtab.keys import KubeObject

_JSON = "application/json"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
PLURALS = {kind.name: kind.plural for kind in KINDS}
_DEADLINE = aiohttp.ClientTimeout(total=15)
_BAD, _NOT_FOUND, _CONFLICT, _UNPROCESSABLE, _BUSY, _SERVER_ERROR = 400, 404, 409, 422, 429, 500
INVALID = "ClusterInvalid"


class NoClusterError(Exception):
    """Nothing says where the API server is."""


class NotFoundError(Exception):
    """There is nothing of that name."""


class ConflictError(Exception):
    """The object is there already, is another one by now, or was changed in between."""


class KubeApi:
    """One connection to one API server."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    @classmethod
    async def connect(cls) -> "KubeApi":
        """Connect as `KUBECONFIG` says, or as a pod does.

        Raises:
            NoClusterError: neither says where the API server is.

        """
        configuration, file = Configuration(), os.environ.get("KUBECONFIG")
        try:
            if file:
                await config.load_kube_config(config_file=file, client_configuration=configuration)  # type: ignore[no-untyped-call] # the client is untyped here
            else:
                config.load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call] # the client is untyped here
        except (config.ConfigException, OSError, yaml.YAMLError) as error:
            what = f"KUBECONFIG={file} names no cluster" if file else "no pod, and KUBECONFIG is not set"
            why = " ".join(str(error).split())[:160]
            raise NoClusterError(
                f"{what} ({why}): name a file in KUBECONFIG that says where the API server is"
            ) from error
        return cls(ApiClient(configuration))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()  # type: ignore[no-untyped-call] # the client is untyped here

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: KubeObject | None = None,
        content: str = _JSON,
        accept: str = _JSON,
    ) -> Any:
        """Ask, and return the answer's JSON.

        Raises:
            NotFoundError, ConflictError: 404, 409.
            Retry: the API server cannot be reached, is busy or broken.
            Refuse: it refused the request; the reason is INVALID where what was sent can never be taken.

        """
        method, url, headers, data, _ = await self._client.param_serialize(
            method,
            path,
            query_params=list((query or {}).items()),
            header_params={"Accept": accept, "Content-Type": content},
            body=body,
            auth_settings=["BearerToken"],
        )
        try:
            send: Any = self._client.rest_client.request
            answer = await send(method, url, headers=headers, body=data, _request_timeout=_DEADLINE)
            text = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Retry("ClusterUnavailable", f"the API server does not answer: {error!r}") from error
        _raise_for(answer.status, text)
        return json.loads(text)


def path(kind: str, namespace: str | None, name: str = "", subresource: str = "") -> str:
    """The path of one of our kinds; without a namespace that of all of them."""
    place = f"/namespaces/{namespace}" if namespace else ""
    parts = [f"/apis/{API_VERSION}{place}/{PLURALS[kind]}", name, subresource]
    return "/".join(part for part in parts if part)


def _raise_for(status: int, text: bytes) -> None:
    if status < 400:  # noqa: PLR2004 - where HTTP's errors begin
        return
    message = f"{status}: {_words(text)}"
    if status == _NOT_FOUND:
        raise NotFoundError(message)
    if status == _CONFLICT:
        raise ConflictError(message)
    if status == _BUSY or status >= _SERVER_ERROR:
        raise Retry("ClusterUnavailable", message)
    raise Refuse(INVALID if _is_invalid(status, text) else "ClusterRefused", message)


def _is_invalid(status: int, text: bytes) -> bool:
    """Whether the object itself is at fault. An admission policy's no, by the same numbers, names no field."""
    try:
        told = json.loads(text)
        fields = [cause.get("field") for cause in told.get("details", {}).get("causes", [])]
    except (ValueError, AttributeError):
        return False
    if status == _BAD:
        return bool(told.get("reason") == "BadRequest")
    return status == _UNPROCESSABLE and any(fields)


def _words(text: bytes) -> str:
    """What the API server says of a failure; of what stands between, its own words."""
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text[:400].decode(errors="replace")
