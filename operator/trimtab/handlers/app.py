"""The operator put together: lease, cache, watches, loop and watchdog; when one of them ends, all do."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from itertools import product

from trimtab.adapters.cache import Cache, Listing
from trimtab.adapters.cluster import KubeCluster
from trimtab.adapters.kube_api import KubeApi, NotFoundError
from trimtab.adapters.lease import Lease
from trimtab.errors import Retry
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
        await _lead(settings, cache, cluster, loop, lease, health)


async def _lead(
    settings: Settings, cache: Cache, cluster: KubeCluster, loop: Loop, lease: Lease, health: Health
) -> None:
    cache.listen(partial(_ring, loop, cache))
    await _patiently(partial(_fill, cache, cluster, settings.places))
    health.leads()
    logger.info("leading; watching %s", ", ".join(settings.watched) or "all namespaces")
    look_again = partial(_listing, cluster, settings.places)
    watchdog = Watchdog(cache, look_again, watching.streams, len(settings.places))
    await _first_ends(
        lease.keep(), loop.run(), watchdog.run(settings.watchdog_seconds), watching.watch(cache, settings.watched)
    )
    await lease.release()


async def _fill(cache: Cache, cluster: KubeCluster, places: Places) -> None:
    """Know all there is before the first decision: what is not seen yet must not be taken for absent."""
    await cluster.discover()
    for kind, place in product(cache.kinds, places):
        for obj in await cluster.refresh(kind, place):
            cache.put(obj)


async def _listing(cluster: KubeCluster, places: Places, kind: str) -> Listing:
    return Listing.together([await cluster.listing(kind, place) for place in places])


def _ring(loop: Loop, cache: Cache, changed: KubeObject) -> None:
    for key in rung_by(changed, cache.of_model):
        loop.ring(key)


async def _patiently(ask: Callable[[], object]) -> None:
    """Ask until the API server answers and knows our kinds."""
    while True:
        try:
            await ask()  # type: ignore[misc] # a partial of a coroutine function
        except NotFoundError:
            logger.warning("the API server does not know trimtab's kinds, or the Lease's namespace; apply crds/")
        except Retry as error:
            logger.warning("%s", error)
        else:
            return
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
