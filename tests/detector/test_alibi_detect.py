"""Every detector that can be chosen, asked as the monitor asks: one contract for alibi-detect's releases and the fake.

A permutation test's p-value is never below one of a hundred, though alibi-detect itself would say 0. That of a column
of categories is by permutation as well, and never below one of ten thousand.
"""

from dataclasses import replace

import numpy as np
import pytest

from trimtab.drift import Profile
from trimtab.drift.reference.sample import Sample
from trimtab.drift.watching.tested import DETECTORS, UniformClaim, subjects_of, told
from trimtab.serving.detector.program import UnsuitedError
from trimtab.serving.detector.question import Question

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

ROWS = 200


def columns(seed, rows=ROWS, *, moved=False):
    """Numbers, one of them missing at times, and categories, one of them always the same."""
    random = np.random.default_rng(seed)
    shift, shares = (1.5, [0.1, 0.9]) if moved else (0.0, [0.6, 0.4])
    numbers = {f"x{at}": random.normal(shift, 1, rows) for at in range(3)}
    numbers["x0"][random.random(rows) < 0.1] = np.nan
    colours = random.choice(np.array(["red", "blue"], dtype=object), rows, p=shares)
    return {**numbers, "c": colours, "same": np.array(["one"] * rows, dtype=object)}


@pytest.fixture(scope="module")
def profile():
    return Profile.build(columns(0, 1300), None, None)


def question(profile, detector, seed, *, moved=False):
    window = profile.layout.encode(columns(seed, moved=moved))
    return Question.of(profile, detector, (profile.sample.rows, window), f"window {seed}")


@pytest.mark.parametrize("detector", DETECTORS)
async def test_a_detector_sees_what_moved_and_not_what_stands_still(program, profile, detector):
    still, moved = [await program.ask(question(profile, detector, 1, moved=moved)) for moved in (False, True)]
    assert len(still) == len(moved) == len(subjects_of(profile, detector))
    assert min(still) > 0.01
    assert (0.01 if DETECTORS[detector] == "rows" else 0.0) <= min(moved) <= 0.1


@pytest.mark.parametrize("detector", ["KSDrift", "MMDDrift", "LSDDDrift"])
async def test_the_same_question_has_the_same_answer(program, profile, detector):
    first, second = [await program.ask(question(profile, detector, 2)) for _ in range(2)]
    assert first == second


async def test_a_permutation_test_alarms_by_chance_as_seldom_as_it_says(program, profile):
    few = replace(profile, sample=Sample.unkeyed(profile.sample.rows[:ROWS]))
    found = [(await program.ask(question(few, "MMDDrift", seed)))[0] for seed in range(100, 130)]
    assert np.mean(np.array(found) <= 0.1) <= 0.3


def rare(random, rows, share):
    """Ten categories of such a share each, and one that is the rest, in each of twenty columns."""
    return random.choice(11, (rows, 20), p=[*[share] * 10, 1 - 10 * share]).astype(np.float32)


async def test_bets_on_rare_categories_that_stand_still_are_worth_no_more_than_one(program):
    random, found = np.random.default_rng(9), []
    for number in range(5):
        tables = rare(random, 2000, 0.0005), rare(random, ROWS, 0.0005)
        found += await program.ask(Question("ChiSquareDrift", tuple(range(20)), *tables, number))
    bets = np.exp(UniformClaim(len(found)).log_factors(told(found))[0, :, :, 1])
    assert np.all(bets.mean(axis=1) <= 1.0)


async def test_rare_categories_that_are_so_no_more_are_seen(program):
    random = np.random.default_rng(1)
    tables = rare(random, 2000, 0.0005), rare(random, ROWS, 0.01)
    assert max(await program.ask(Question("ChiSquareDrift", tuple(range(20)), *tables, 1))) <= 0.001


async def test_beside_categories_numbers_keep_the_p_value_that_the_detector_has_for_them(program, profile):
    found = await program.ask(question(profile, "TabularDrift", 5, moved=True))
    assert max(found[:3]) < 1e-6
    assert 1e-4 <= found[3] <= 1e-3
    assert found[4] == 1.0


async def test_rows_that_a_detector_cannot_use_are_refused_and_the_next_ones_answered(program, profile):
    empty = Question("MMDDrift", (), np.zeros((2, 0), np.float32), np.zeros((1, 0), np.float32), 1)
    with pytest.raises(UnsuitedError):
        await program.ask(empty)
    assert len(await program.ask(question(profile, "KSDrift", 3))) == 3


async def test_the_release_is_told(program, profile):
    await program.ask(question(profile, "KSDrift", 4))
    assert program.version in ("0.11.4", "0.13.0")
