"""The bar of the joint test sees a test that is the worse of two."""

import numpy as np
import pytest

from benchmarks.drift.rows import joint

PAIRS = 80


def alarms(name, rows):
    """Alarms of the product's test on some of the rows of each pair of tables."""
    pairs = enumerate(zip(*joint.tables(name, PAIRS), strict=True))
    cut = ((seed, (before[:rows], after[:rows])) for seed, (before, after) in pairs)
    return np.array([joint.mmd_p_value(*pair, seed, 50) for seed, pair in cut]) <= joint.ALPHA


@pytest.mark.parametrize("name", ["mean + 0.1 σ", "1 of 20 columns turned"])
def test_a_test_that_overlooks_three_rows_of_four_misses_the_bar(name):
    whole, quarter = alarms(name, joint.SMALL), alarms(name, joint.SMALL // 4)
    assert joint.as_often(whole, whole)
    assert not joint.as_often(quarter, whole)
