"""One joint distribution or two."""

import numpy as np
import pytest

from trimtab.drift.joint import mmd_p_value

ROWS, COLUMNS = 200, 6


def table(seed, *, turned=False, shift=0.0):
    random = np.random.default_rng(seed)
    values = random.normal(size=(ROWS, 1)) + random.normal(size=(ROWS, COLUMNS)) + shift
    values[:, ::2] *= -1 if turned else 1
    return values


def test_tables_of_one_distribution_are_told_apart_as_seldom_as_promised():
    found = [mmd_p_value(table(seed), table(1000 + seed), seed, 99) <= 0.05 for seed in range(50)]
    assert np.mean(found) <= 0.12


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
