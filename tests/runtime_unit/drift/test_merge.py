"""Sums over replicas: exact, in any order, in any grouping."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime_unit.drift.worlds import World
from trimtab.drift import LabelSums, PairedSums, WindowCounts, count

PROFILE = World(1).profile(10)
number = st.one_of(st.just(float("nan")), st.floats(-5, 5, width=32))
rows = st.lists(st.tuples(number, st.sampled_from(["AA", "B6", "DL", "new", ""])), max_size=20)
chance = st.floats(0, 1, width=32)
judged = st.lists(st.tuples(st.integers(0, 1), chance, chance), max_size=20)


def counted(batch):
    numbers, carriers = ([row[place] for row in batch] for place in (0, 1))
    return count(PROFILE, {"number": np.array(numbers, np.float32), "carrier": np.array(carriers, object)})


def labelled(batch):
    return LabelSums.of([row[0] for row in batch], [row[1] for row in batch])


def compared(batch):
    return PairedSums.of_labels(*([row[place] for row in batch] for place in (0, 1, 2)))


@settings(deadline=None)
@given(rows, rows, rows)
def test_counts_merge_exactly_in_any_order_and_grouping(one, two, three):
    parts = [counted(batch) for batch in (one, two, three)]
    whole = counted([*one, *two, *three])
    assert parts[0].merge(parts[1]).merge(parts[2]) == whole
    assert parts[2].merge(parts[1].merge(parts[0])) == whole
    assert WindowCounts.none(PROFILE).merge(whole) == whole


@settings(deadline=None)
@given(judged, judged)
def test_sums_of_labels_add_exactly_in_any_order(one, two):
    for summed in (labelled, compared):
        assert summed(one) + summed(two) == summed(two) + summed(one) == summed([*one, *two])
