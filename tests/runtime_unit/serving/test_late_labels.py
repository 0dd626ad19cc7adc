"""Labels that come late, partly and in any order: the same evidence, to the last bit, once they are there."""

from contextlib import closing
from sqlite3 import connect

import numpy as np
import pytest

from tests.runtime_unit.serving.plane import Plane
from tests.support.models import draw

PARTS, LAST = range(3), 9
LATE = 4


@pytest.fixture
async def planes(tmp_path, plan):
    made = [Plane(tmp_path / f"{name}.sqlite") for name in ("prompt", "late")]
    for plane in made:
        await plane.apply(plan)
    yield made
    for plane in made:
        await plane.close()


async def asked(plane, day):
    for part in PARTS:
        await plane.infer(draw(60, seed=10 * day + part)[0], id=f"{day}-{part}", parameters={"day": day})
    await plane.settle()


async def answered(plane, day, parts):
    """The middle part's labels never come."""
    for part in parts:
        if part != 1:
            await plane.label(f"{day}-{part}", draw(60, seed=10 * day + part)[1])


def evidence(plane):
    with closing(connect(plane.file)) as file:
        return file.execute("SELECT key, state FROM evidence ORDER BY key").fetchall()


async def live(plane, late, order):
    """Let days pass; labels of a day come so many days after it, in an order of their own."""
    for day in range(1, LAST + late + 1):
        await asked(plane, day) if day <= LAST else None
        if day > late:
            await answered(plane, day - late, order.permutation(len(PARTS)) if late else PARTS)


async def test_labels_late_and_out_of_order_leave_the_evidence_as_if_they_had_come_at_once(planes):
    prompt, late = planes
    await live(prompt, 0, np.random.default_rng(1))
    await live(late, LATE, np.random.default_rng(1))
    reports = [await plane.report() for plane in planes]
    assert evidence(prompt) == evidence(late) != []
    assert reports[0].drift == reports[1].drift
    assert 0.6 < reports[1].drift.label_coverage < 0.7
