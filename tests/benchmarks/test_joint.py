"""The bar of the joint test sees a test that is the worse of two."""

import numpy as np
import pytest

from benchmarks.drift.rows import joint

PAIRS = 80


def alarms(kind, rows):
    """Alarms of the product's test on some of the rows of each pair of tables."""
    pairs = enumerate(zip(*joint.tables(kind, PAIRS), strict=True))
    cut = ((seed, (before[:rows], after[:rows])) for seed, (before, after) in pairs)
    return np.array([joint.mmd_p_value(*pair, seed, 50) for seed, pair in cut]) <= joint.ALPHA


BARRED = [kind for kind in joint.KINDS if not kind.bar]


@pytest.mark.parametrize("kind", BARRED, ids=lambda kind: kind.name)
def test_a_test_that_overlooks_three_rows_of_four_misses_the_bar(kind):
    whole, quarter = alarms(kind, joint.SMALL), alarms(kind, joint.SMALL // 4)
    assert joint.as_often(whole, whole)
    assert not joint.as_often(quarter, whole)
