"""The year 2013 by the product's own rule, offline: days in random order are a world that stands still.

The same rule over the same days in their own order retrains by the end of May, so the silence is not its deafness.
"""

from functools import cache

import pytest

from benchmarks.flights_policy.__main__ import FIRST, SEEDS
from benchmarks.flights_policy.replay import Loop
from benchmarks.flights_policy.settings import Settings
from benchmarks.flights_policy.world import World
from examples.flights.flights.data import TIME, year

pytestmark = pytest.mark.timeout(600)


@cache
def rows():
    return year()


def retrainings(known, shuffle=None):
    settings = Settings.of_manifests()
    loop = Loop.start(World.of(known, SEEDS[0], settings.training, shuffle), settings, FIRST)
    loop.run(FIRST)
    return len(loop.retrained)


def test_a_year_whose_days_are_shuffled_is_never_retrained():
    assert retrainings(rows(), shuffle=1) == 0


def test_the_spring_in_its_own_order_is():
    assert retrainings(rows()[lambda known: known[TIME] < "2013-06"]) > 0
