"""kopf as the runtime of the watches: events go into the cache, and nothing is ever written by kopf."""

import asyncio
from typing import Any

import kopf

from trimtab.adapters.kube.api import PLURALS
from trimtab.adapters.kube.cache import Cache
from trimtab.api.common import GROUP, VERSION

_STREAM = "watcher for "  # how kopf names the task of a stream
STREAM_SECONDS = 240  # a stream is renewed so often, whatever it seems to be doing


async def watch(cache: Cache, namespaces: tuple[str, ...]) -> None:
    """Watch our kinds until a signal ends the process; what is seen goes into the cache. No namespaces means all."""
    registry = kopf.OperatorRegistry()
    kopf.on.login(registry=registry)(_login)
    for kind in cache.kinds:
        kopf.on.event(GROUP, VERSION, PLURALS[kind], registry=registry, id=f"see-{kind}")(_seer(cache, kind))
    await kopf.operator(
        registry=registry,
        settings=_settings(),
        standalone=True,
        clusterwide=not namespaces,
        namespaces=namespaces,
    )


def streams(place: str | None) -> int:
    """How many of kopf's watch streams are alive in a namespace; None: of those that see all."""
    names = [task.get_name() for task in asyncio.all_tasks() if not task.done()]
    return sum(1 for name in names if name.startswith(_STREAM) and name.endswith(f"@{place}"))


def _seer(cache: Cache, kind: str) -> Any:
    async def see(event: Any, **_: Any) -> None:
        obj = {"apiVersion": f"{GROUP}/{VERSION}", **event["object"], "kind": kind}
        if event["type"] == "DELETED":
            cache.drop(obj)
        else:
            cache.put(obj)

    return see


def _login(**kwargs: Any) -> Any:
    return kopf.login_with_kubeconfig(**kwargs) or kopf.login_with_service_account(**kwargs)


def _settings() -> kopf.OperatorSettings:
    settings = kopf.OperatorSettings()
    settings.posting.enabled = False
    settings.scanning.disabled = True  # needs no rights on namespaces and CRDs; the kinds are waited for beforehand
    settings.watching.server_timeout = STREAM_SECONDS
    settings.watching.client_timeout = STREAM_SECONDS + 30
    settings.watching.connect_timeout = 10
    settings.networking.request_timeout = 30
    settings.process.ultimate_exiting_timeout = 10
    return settings
