"""The operator put together: lease, cache, watches, loop and watchdog; when one of them ends, all do."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import TypeVar

from trimtab.adapters.kube.api import KubeApi, NotFoundError
from trimtab.adapters.kube.cache import Cache
from trimtab.adapters.kube.cluster import KubeCluster
from trimtab.adapters.kube.lease import Lease
from trimtab.errors import Refuse, Retry
from trimtab.handlers import engines, watching
from trimtab.handlers.alone import alone
from trimtab.handlers.health import Health
from trimtab.handlers.metered import metered
from trimtab.handlers.metrics import Metrics
from trimtab.handlers.settings import Settings
from trimtab.handlers.watchdog import Watchdog
from trimtab.keys import KubeObject
from trimtab.ports import World
from trimtab.reconcile.inferenceservice import seen as service_seen
from trimtab.reconcile.loop import Loop
from trimtab.reconcile.passes import ROOMS, run_pass
from trimtab.reconcile.related import rung_by

logger = logging.getLogger(__name__)
T = TypeVar("T")
Wrap = Callable[[World], World]
Places = tuple[str | None, ...]  # namespaces; None is everywhere
_LEASE = "trimtab-operator"


def as_it_is(world: World) -> World:
    """Leave the ports as they are."""
    return world


async def serve(settings: Settings, wrap: Wrap = as_it_is) -> None:
    """Run the operator until a signal; `wrap` puts something between the loop and the ports.

    Raises:
        WatchDeadError, LeaseLostError: the process must end and be started again.

    """
    async with AsyncExitStack() as ending:
        api = await KubeApi.connect()
        ending.push_async_callback(api.close)
        cache = Cache(ROOMS)
        metrics = Metrics(partial(cache.all, service_seen.KIND))
        cluster = KubeCluster(api, cache)
        world = wrap(metered(engines.world(settings, api, cluster), metrics.called))  # a wrong setting is no stand-by
        ending.push_async_callback(engines.close, world)
        loop = Loop(partial(run_pass, world=world, poll=timedelta(seconds=settings.poll)), watcher=metrics)
        health = Health(metrics)
        logger.info("health at %s", await ending.enter_async_context(health.served(*settings.health)))
        if settings.shares_identity:
            await ending.enter_async_context(alone(settings.state))
        lease = Lease(api, settings.namespace, _LEASE, settings.identity, settings.lease_seconds)
        await _patiently(partial(lease.acquire, health.stands_by))
        health.starts()
        metrics.leads()
        await _first_ends(lease.keep(), _lead(settings, cache, cluster, loop, health))
        await lease.release()


async def _lead(settings: Settings, cache: Cache, cluster: KubeCluster, loop: Loop, health: Health) -> None:
    cache.listen(partial(_ring, loop, cache))
    known = await _patiently(partial(fill, cache, cluster, settings.places))
    health.leads()
    logger.info("leading; watching %s", ", ".join(filter(None, known)) or "all namespaces")
    watchdog = Watchdog(cache, cluster.listing, watching.streams, settings.places)
    watches = watching.watch(cache, tuple(filter(None, known)))
    await _first_ends(loop.run(), watchdog.run(settings.watchdog_seconds), watches)


async def fill(cache: Cache, cluster: KubeCluster, places: Places) -> Places:
    """Know all there is before the first decision: what is not seen yet must not be taken for absent.

    Returns the places that are known. One that may not be read is left out: its namespace may be gone. The watchdog
    ends the process when it can be read, to begin anew with all of it known.

    Raises:
        Refuse: none of them may be read.

    """
    await cluster.discover()
    closed: dict[str | None, Refuse] = {}
    for place in places:
        try:
            found = [obj for kind in cache.kinds for obj in await cluster.refresh(kind, place)]
        except Refuse as error:
            closed[place] = error
            logger.warning("%s is left out, it may not be read: %s", place or "the cluster", error)
        else:
            for obj in found:
                cache.put(obj)
    if len(closed) == len(places):
        raise closed[places[0]]
    return tuple(place for place in places if place not in closed)


def _ring(loop: Loop, cache: Cache, changed: KubeObject) -> None:
    for key in rung_by(changed, cache.of_model):
        loop.ring(key)


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask until the API server answers and knows our kinds."""
    while True:
        try:
            return await ask()
        except NotFoundError:
            logger.warning("the API server does not know trimtab's kinds, or the Lease's namespace; apply crds/")
        except (Retry, Refuse) as error:
            logger.warning("%s", error)
        await asyncio.sleep(1)


async def _first_ends(*parts: object) -> None:
    """Run the parts together; the first that ends, or fails, ends the others."""
    tasks = [asyncio.ensure_future(part) for part in parts]  # type: ignore[call-overload] # coroutines
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
