"""A run is told which version to beat, and from when on its rows are new to that version."""

from datetime import UTC, datetime

import pytest

from tests.support.objects import CODE, DIGEST, model_version, service, training_run, training_spec
from trimtab.contract.run import Champion

NEWEST = datetime(2013, 2, 28, 23, tzinfo=UTC)
PLAIN = training_spec()["data"]
REFIT = {**PLAIN, "holdout": {"refit": True}}


@pytest.fixture
def to_beat(world, driver):
    async def asked(champion_data, candidate_data, *, newest=NEWEST) -> Champion:
        data = {"uri": "file:///data", "revision": DIGEST, "digest": DIGEST, "newest": newest and newest.isoformat()}
        lineage = {"trainingSpec": training_spec(data=champion_data), "codeDigest": CODE, "data": data}
        world.cluster.add(model_version("1.0.0", lineage=lineage))
        world.cluster.add(service())
        await driver.settle()
        world.cluster.add(training_run("second", data=candidate_data))
        await driver.settle()
        (request,) = world.pipelines.requests.values()
        return request.champion

    return asked


@pytest.mark.parametrize(("champion", "candidate"), [(REFIT, REFIT), (PLAIN, REFIT), (REFIT, PLAIN)])
async def test_where_one_of_the_two_learns_all_rows_only_newer_rows_compare_them(to_beat, champion, candidate):
    found = await to_beat(champion, candidate)
    assert (found.version, found.learnt_until) == ("1.0.0", NEWEST)


async def test_where_both_keep_the_drawn_rows_out_those_compare_them(to_beat):
    assert (await to_beat(PLAIN, PLAIN)).learnt_until is None


async def test_a_champion_whose_newest_row_is_not_known_is_compared_on_all_held_out_rows(to_beat):
    assert (await to_beat(REFIT, REFIT, newest=None)).learnt_until is None
