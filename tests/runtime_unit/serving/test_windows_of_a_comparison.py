"""How many windows a comparison has seen, which may end it: counted as they are weighed, whenever they come."""

import pytest

from tests.support.models import draw, make_plan
from trimtab.api.inferenceservice import Promotion, PromotionGate

LOSS = PromotionGate(metric="loss", margin=0.01)


async def seen(plane):
    comparison = (await plane.report()).comparison
    return comparison.windows, comparison.labelled


async def test_labels_of_a_week_that_come_at_once_count_as_its_days(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
    await plane.live(range(8), labelled=False)
    assert await seen(plane) == (0, 0)
    for day in range(8):
        await plane.label(f"day-{day}", draw(100, seed=day)[1])
    assert await seen(plane) == (7, 700)


async def test_a_day_without_labels_is_no_window_where_labels_are_needed(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
    await plane.live([1])
    await plane.live([2], labelled=False)
    await plane.live([3, 4])
    assert await seen(plane) == (2, 200)


@pytest.mark.parametrize("end", [{"deadline": "1h"}, {"max_windows": 3}, {"min_requests": 50}, {"on_no_data": "Fail"}])
async def test_an_end_that_is_moved_takes_nothing_from_the_evidence(plane, versions, end):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"], promotion=Promotion(gates=[LOSS])))
    await plane.live(range(4))
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"], promotion=Promotion(gates=[LOSS], **end)))
    assert await seen(plane) == (3, 300)


@pytest.mark.parametrize("weight", [{"error_rate": 0.01}, {"gates": [LOSS, PromotionGate(metric="errors")]}])
async def test_rows_that_are_weighed_otherwise_are_compared_anew(plane, versions, weight):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"], promotion=Promotion(gates=[LOSS])))
    await plane.live(range(4))
    promotion = Promotion(**{"gates": [LOSS], **weight})
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"], promotion=promotion))
    assert await seen(plane) == (0, 0)
