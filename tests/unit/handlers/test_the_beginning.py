"""What is known before the first decision: everything in each place that may be read."""

import pytest

from tests.support.objects import training_run
from trimtab.adapters.kube.cache import Cache
from trimtab.errors import Refuse
from trimtab.handlers.app import fill


class Cluster:
    """An API server that lets us read some namespaces."""

    def __init__(self, *readable):
        self._readable = readable

    async def discover(self):
        """It knows our kinds."""

    async def refresh(self, _, namespace):
        if namespace not in self._readable:
            raise Refuse("ClusterRefused", "403: forbidden")
        obj = training_run("first", namespace)
        obj["metadata"] |= {"resourceVersion": "1", "uid": namespace}
        return [obj]


async def test_a_namespace_that_is_gone_with_its_role_holds_up_none_of_the_others():
    cache = Cache(["TrainingRun"])
    assert await fill(cache, Cluster("there"), ("gone", "there")) == ("there",)
    assert [obj["metadata"]["namespace"] for obj in cache.all("TrainingRun")] == ["there"]


async def test_where_nothing_may_be_read_nothing_begins():
    with pytest.raises(Refuse, match="403"):
        await fill(Cache(["TrainingRun"]), Cluster(), ("gone",))
