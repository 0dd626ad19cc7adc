"""A run is told which version to beat, and what is known of the rows that version has learnt."""

from datetime import UTC, datetime

import pytest

from tests.support.objects import CODE, DIGEST, DRAW, model_version, service, succeeded, training_run, training_spec
from trimtab.contract.run import Champion

NEWEST = datetime(2013, 2, 28, 23, tzinfo=UTC)


@pytest.fixture
def to_beat(world, driver):
    async def asked(**lineage) -> Champion:
        world.cluster.add(
            model_version("1.0.0", lineage={"trainingSpec": training_spec(), "codeDigest": CODE, **lineage})
        )
        world.cluster.add(service())
        await driver.settle()
        world.cluster.add(training_run("second"))
        await driver.settle()
        (request,) = world.pipelines.requests.values()
        return request.champion

    return asked


async def test_the_run_is_told_the_draw_and_the_newest_row_of_the_version_to_beat(to_beat):
    data = {"uri": "file:///data", "revision": DIGEST, "digest": DIGEST, "newest": NEWEST.isoformat()}
    found = await to_beat(data=data, draw=DRAW)
    assert (found.version, found.learnt_until, found.draw) == ("1.0.0", NEWEST, DRAW)


async def test_the_draw_is_the_one_that_its_own_run_reported(world, driver):
    world.cluster.add(training_run("first"))
    world.cluster.add(service())
    await driver.settle()
    (key,) = world.pipelines.states
    world.pipelines.states[key] = succeeded()
    await driver.settle()
    world.cluster.add(training_run("second"))
    await driver.settle()
    assert max(world.pipelines.requests.items(), key=lambda found: found[0].name)[1].champion.draw == DRAW


async def test_of_a_version_made_elsewhere_neither_is_told(to_beat):
    found = await to_beat()
    assert (found.learnt_until, found.draw) == (None, None)
