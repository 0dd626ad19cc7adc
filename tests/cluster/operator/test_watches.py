"""kopf's watches, in this process: what they show, and that a dead one is found."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.support.objects import training_run
from tests.support.waiting import until_async
from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.kube.cache import Cache
from trimtab.adapters.kube.cluster import KubeCluster
from trimtab.handlers.watchdog import WatchDeadError, Watchdog
from trimtab.handlers.watching import streams, watch
from trimtab.keys import Key


@pytest.fixture
def cache():
    return Cache(["TrainingRun"])


@asynccontextmanager
async def watching(cache, *namespaces, alive=streams):
    """The watches of namespaces, with a watchdog over them. kopf ends all tasks that are younger than itself."""
    api = await KubeApi.connect()
    cluster = KubeCluster(api, cache)
    task = asyncio.create_task(watch(cache, namespaces))

    try:
        yield Watchdog(cache, cluster.listing, alive, namespaces)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await api.close()


@pytest.fixture(autouse=True)
def as_the_operator(control_plane, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", str(control_plane.operator_kubeconfig))


async def apply(plane, namespace, name):
    await asyncio.to_thread(plane.apply, training_run(name, namespace))


async def test_objects_come_and_go_in_the_cache(cache, control_plane, namespace):
    async with watching(cache, namespace) as watchdog:
        await apply(control_plane, namespace, "first")
        await until_async(lambda: cache.get(Key("TrainingRun", namespace, "first")))
        await watchdog.look()
        await asyncio.to_thread(control_plane.kubectl, "delete", "trun", "first", "-n", namespace)
        await until_async(lambda: cache.all("TrainingRun") == [])
        await watchdog.look()
        assert cache.get(Key("TrainingRun", namespace, "first")) is None


@pytest.mark.parametrize(("alive", "found"), [(streams, "0 of 1"), (lambda _: 1, "second")], ids=["gone", "mute"])
async def test_a_watch_that_dies_in_silence_is_found(cache, control_plane, namespace, alive, found):
    async with watching(cache, namespace, alive=alive) as watchdog:
        await apply(control_plane, namespace, "first")
        await until_async(lambda: cache.all("TrainingRun"))
        for task in asyncio.all_tasks():
            if task.get_name().startswith("watcher for"):
                task.cancel()
        await until_async(lambda: not streams(namespace))
        await apply(control_plane, namespace, "second")
        with pytest.raises(WatchDeadError, match=found):
            async with asyncio.timeout(20):
                await watchdog.run(0.2)


async def test_one_dead_watch_of_several_namespaces_is_found(cache, control_plane, namespace):
    other = await asyncio.to_thread(control_plane.namespace)
    async with watching(cache, namespace, other) as watchdog:
        await until_async(lambda: streams(namespace) == streams(other) == 1)
        await watchdog.look()
        next(task for task in asyncio.all_tasks() if task.get_name().endswith(f"@{other}")).cancel()
        await until_async(lambda: not streams(other))
        with pytest.raises(WatchDeadError, match=f"0 of 1 watches of {other}"):
            await watchdog.look()
