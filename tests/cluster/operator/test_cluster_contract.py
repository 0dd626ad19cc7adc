"""The port `Cluster`: the real one and the fake keep the same promises."""

import pytest

from tests.support.fakes import FakeClock, FakeCluster
from tests.support.objects import training_run
from trimtab.adapters.kube.api import KubeApi
from trimtab.adapters.kube.cache import Cache
from trimtab.adapters.kube.cluster import KubeCluster
from trimtab.errors import Refuse, Wait
from trimtab.keys import Key
from trimtab.reconcile import naming, reading


@pytest.fixture(params=["fake", "real"])
async def cluster(request, control_plane, monkeypatch):
    if request.param == "fake":
        yield FakeCluster(FakeClock())
        return
    monkeypatch.setenv("KUBECONFIG", str(control_plane.operator_kubeconfig))
    api = await KubeApi.connect()
    yield KubeCluster(api, Cache(["TrainingRun"]))
    await api.close()


@pytest.fixture
async def run(cluster, namespace):
    return await cluster.create(training_run("first", namespace))


def key(obj):
    return Key.of(obj)


def status(obj, attempt):
    return {**naming.identity("TrainingRun", reading.head_of(obj)), "status": {"attempt": attempt}}


async def test_what_was_created_is_read(cluster, run, namespace):
    assert (await cluster.get(key(run)))["metadata"]["uid"] == run["metadata"]["uid"]
    assert [key(obj) for obj in await cluster.of_model("TrainingRun", namespace, "late")] == [key(run)]
    assert await cluster.of_model("TrainingRun", "elsewhere", "late") == []
    assert await cluster.of_model("TrainingRun", namespace, "another") == []


async def test_creating_again_makes_nothing(cluster, run):
    again = training_run("first", run["metadata"]["namespace"])
    assert await cluster.create(again) is None
    assert (await cluster.get(key(run)))["metadata"]["uid"] == run["metadata"]["uid"]


async def test_a_status_that_was_written_is_read(cluster, run):
    await cluster.apply_status(status(run, 3))
    assert (await cluster.get(key(run)))["status"]["attempt"] == 3


async def test_a_status_leaves_the_generation_alone(cluster, run):
    await cluster.apply_status(status(run, 3))
    assert (await cluster.get(key(run)))["metadata"]["generation"] == run["metadata"]["generation"]


async def test_what_is_no_longer_said_in_a_status_is_gone(cluster, run):
    written = await cluster.apply_status(status(run, 3))
    await cluster.apply_status({**status(written, 3), "status": {"observedGeneration": 1}})
    assert (await cluster.get(key(run)))["status"] == {"observedGeneration": 1}


async def test_our_finalizer_comes_and_goes(cluster, run):
    held = await cluster.apply(naming.with_finalizer("TrainingRun", reading.head_of(run)))
    assert (await cluster.get(key(run)))["metadata"]["finalizers"] == [naming.FINALIZER]
    await cluster.release(naming.without_finalizer("TrainingRun", reading.head_of(held)))
    assert not (await cluster.get(key(run)))["metadata"].get("finalizers")


async def test_our_finalizer_goes_from_a_restored_object_too_and_no_other_does(cluster, namespace):
    """A backup brings it back under the name of whoever restores it."""
    restored = training_run("restored", namespace)
    restored["metadata"]["finalizers"] = ["example.com/theirs", naming.FINALIZER]
    there = await cluster.create(restored)
    held = await cluster.apply(naming.with_finalizer("TrainingRun", reading.head_of(there)))
    kept = await cluster.apply(naming.identity("TrainingRun", reading.head_of(held)))
    assert naming.FINALIZER in kept["metadata"]["finalizers"]
    await cluster.release(naming.without_finalizer("TrainingRun", reading.head_of(kept)))
    assert (await cluster.get(key(there)))["metadata"]["finalizers"] == ["example.com/theirs"]


async def test_an_object_that_changed_since_or_is_gone_is_not_let_go(cluster, run):
    held = await cluster.apply(naming.with_finalizer("TrainingRun", reading.head_of(run)))
    with pytest.raises(Wait):
        await cluster.release(naming.without_finalizer("TrainingRun", reading.head_of(run)))
    gone = {**held, "metadata": {**held["metadata"], "name": "gone"}}
    with pytest.raises(Wait):
        await cluster.release(naming.without_finalizer("TrainingRun", reading.head_of(gone)))
    assert (await cluster.get(key(run)))["metadata"]["finalizers"] == [naming.FINALIZER]


async def test_an_object_that_is_gone_is_never_made_by_a_write(cluster, run):
    gone = {**run, "metadata": {**run["metadata"], "name": "gone"}}
    for write in (cluster.apply, cluster.apply_status):
        with pytest.raises(Wait):
            await write(status(gone, 1))


async def test_another_object_of_the_same_name_is_left_alone(cluster, run):
    gone = {"uid": "11111111-1111-1111-1111-111111111111", "resourceVersion": "1"}
    other = {**run, "metadata": {**run["metadata"], **gone}}
    with pytest.raises(Wait):
        await cluster.apply_status(status(other, 9))
    await cluster.delete(key(run), other["metadata"]["uid"])
    assert (await cluster.get(key(run))) is not None


async def test_what_was_decided_on_an_older_version_is_not_written(cluster, run):
    await cluster.apply_status(status(run, 3))
    with pytest.raises(Wait):
        await cluster.apply_status(status(run, 4))
    with pytest.raises(Wait):
        await cluster.apply(naming.with_finalizer("TrainingRun", reading.head_of(run)))
    assert (await cluster.get(key(run)))["status"]["attempt"] == 3


async def test_deleting_twice_is_harmless(cluster, run):
    await cluster.delete(key(run), run["metadata"]["uid"])
    await cluster.delete(key(run), run["metadata"]["uid"])
    assert await cluster.create(training_run("first", run["metadata"]["namespace"])) is not None


@pytest.mark.parametrize("cluster", ["real"], indirect=True)
async def test_what_the_api_server_refuses_is_not_tried_again(cluster, namespace):
    with pytest.raises(Refuse, match=r"spec\.bump"):
        await cluster.create(training_run("first", namespace, bump="Sideways"))
