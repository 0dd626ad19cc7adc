"""One joint distribution or two."""

import numpy as np
import pytest

from trimtab.drift.joint import Permuted, mmd_p_value

ROWS, COLUMNS = 200, 6


def table(seed, *, turned=False, shift=0.0):
    random = np.random.default_rng(seed)
    values = random.normal(size=(ROWS, 1)) + random.normal(size=(ROWS, COLUMNS)) + shift
    values[:, ::2] *= -1 if turned else 1
    return values


def test_tables_of_one_distribution_are_told_apart_as_seldom_as_promised():
    found = [mmd_p_value(table(seed), table(10_000 + seed), 20_000 + seed, 99) <= 0.05 for seed in range(150)]
    assert np.mean(found) <= 0.1


def test_bundles_of_rows_and_what_is_left_over_keep_the_promise():
    random = np.random.default_rng(0)
    pairs = (random.standard_exponential(size=(rows, 3)) for rows in (3_050, 4_333) * 25)
    found = [
        mmd_p_value(one, other, seed, 99) <= 0.05 for seed, (one, other) in enumerate(zip(pairs, pairs, strict=True))
    ]
    assert np.mean(found) <= 0.16


def test_a_permutation_moves_whole_bundles_and_leaves_what_is_left_over_in_its_table():
    values = np.random.default_rng(1).normal(size=(11, 2)).astype(np.float32)
    first = np.array([[1, 1, 0, 0, 0], [0, 1, 0, 1, 0]], dtype=np.float32)
    one, other = (values[[2, 3, 7, 8, 4]], values[[0, 1, 5, 6, 9, 10]])
    seen = np.sum((values[:5].mean(axis=0) - values[5:].mean(axis=0)) ** 2)
    assert Permuted((5, 6), 2, first).distances(values) == pytest.approx(
        [seen, np.sum((one.mean(axis=0) - other.mean(axis=0)) ** 2)], rel=1e-5
    )


def test_rounding_is_no_evidence():
    """A flag, half of it ones, and its opposite: each row is as far from the middle as any other."""
    found = []
    for seed in range(40):
        flag = np.random.default_rng(seed).permutation(np.arange(1058) % 2).astype(float)
        table = np.stack([flag, 1 - flag], axis=1)
        found.append(mmd_p_value(table[:518], table[518:], seed, 199))
    assert np.mean(np.array(found) <= 0.05) <= 0.15
    assert np.mean(found) < 0.7


@pytest.mark.parametrize(
    ("rows", "size"), [((300, 300), 1), ((10_000, 10_000), 10), ((1_000_000, 999), 19), ((9, 1), 1)]
)
def test_large_tables_are_permuted_in_bundles_and_small_ones_row_by_row(rows, size):
    assert Permuted.draw(rows, 1, np.random.default_rng(0)).size == size


def test_a_column_that_comes_to_follow_another_in_a_bend_is_seen_by_pairs():
    random, found = np.random.default_rng(3), []
    for seed in range(20):
        one, other = random.normal(size=(2, 600, 5))
        other[:, 0] = (other[:, 1] ** 2 - 1) / np.sqrt(2)
        one[:, 0] = random.permutation(other[:, 0])
        found.append(mmd_p_value(one, other, seed, 99) <= 0.05)
    assert np.mean(found) >= 0.7


def test_one_column_of_twenty_that_turns_is_seen_in_300_rows():
    random, found = np.random.default_rng(2), []
    for seed in range(20):
        one, other = 0.65 * random.normal(size=(2, 300, 1)) + random.normal(size=(2, 300, 20))
        other[:, 0] *= -1
        found.append(mmd_p_value(one, other, seed, 99) <= 0.05)
    assert np.mean(found) >= 0.9


@pytest.mark.parametrize("moved", [{"shift": 0.7}, {"turned": True}])
def test_a_shift_and_a_rotation_are_seen(moved):
    assert mmd_p_value(table(1), table(2, **moved)) <= 0.01


def test_a_p_value_is_never_nothing():
    assert mmd_p_value(table(1), table(2, shift=9.0), permutations=19) == pytest.approx(1 / 20)


def test_missing_values_and_constant_columns_are_no_obstacle():
    one, other = table(1), table(2)
    for values in (one, other):
        values[::3, 0], values[:, 1] = np.nan, 4.0
    assert 0 < mmd_p_value(one, other) <= 1


def test_tables_of_other_columns_are_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        mmd_p_value(table(1), table(2)[:, :3])
