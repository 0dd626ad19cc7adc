"""Rows count where a plain reading of the quantities puts them, whatever the order of features and kinds."""

import numpy as np
import pytest

from trimtab.drift.reference.features import Feature
from trimtab.drift.reference.kinds import apart
from trimtab.drift.reference.layout import Layout
from trimtab.drift.reference.waves import Waves, places_of_categories

EDGES, CATEGORIES = (-1.5, 0.0, 2.0), ("red", "1", "blue")
TEXTS = ["red", "blue", "1", 1, "green", "", None, float("nan"), 2.5]
NUMBERS = [-1.5, np.nextafter(np.float32(-1.5), np.float32(0)), 0.0, 7.0, np.nan, np.inf, -np.inf]


def features():
    """Both kinds, mixed."""
    numbers = [Feature(name, edges=EDGES, centre=0.5, scale=2.0) for name in "xyz"]
    texts = [Feature(name, categories=CATEGORIES) for name in "cd"]
    return [numbers[0], texts[0], numbers[1], texts[1], numbers[2]]


def columns(rows):
    random = np.random.default_rng(rows)
    numbers = {name: np.float32(random.choice(NUMBERS, rows)) for name in "xz"}
    return numbers | {name: np.array(TEXTS, dtype=object)[random.integers(len(TEXTS), size=rows)] for name in "cd"}


def plainly(feature, value):
    """Which quantities of a feature a value counts in."""
    missing = value is None or value == "" or value != value  # noqa: PLR0124  # only NaN differs from itself
    if feature.categories is None:
        return [not missing and value <= edge for edge in feature.edges] + [missing]
    known = [str(value) == category for category in feature.categories]
    return [*known, not missing and not any(known), missing]


def plain_hits(rows):
    """The same of all features, shape (quantities, rows); `y` is not among the columns."""
    found = columns(rows) | {"y": [None] * rows}
    return np.array([[hit for f in features() for hit in plainly(f, found[f.name][row])] for row in range(rows)]).T


@pytest.mark.parametrize("rows", [1, 2, 63, 64, 65, 1000])
def test_rows_count_where_a_plain_reading_puts_them(rows):
    layout = Layout(features())
    np.testing.assert_array_equal(layout.hits(columns(rows)), plain_hits(rows))
    np.testing.assert_array_equal(layout.tally(columns(rows)), plain_hits(rows).sum(axis=1))


def plain_place(at, feature, value):
    """Where a value lies."""
    hit = plainly(feature, value)
    if feature.categories is not None:
        return places_of_categories(at, len(CATEGORIES))[hit.index(True)]
    return np.float32(0) if hit[-1] else np.clip((np.float32(value) - np.float32(0.5)) / np.float32(2), -4, 4)


def test_waves_come_last_and_mark_even_stripes_over_the_places_of_two_features():
    layout, found = Layout(features(), Waves.draw(5)), columns(100)
    values = [found.get(f.name, [None] * 100) for f in features()]
    places = np.array([[plain_place(at, features()[at], value) for value in row] for at, row in enumerate(values)])
    waves = layout.waves
    at, other = (places[pair] * slope[:, None] for pair, slope in zip(waves.pairs, waves.slopes, strict=True))
    marked = layout.hits(found)[Layout(features()).size :]
    np.testing.assert_array_equal(marked, np.floor(at + other + waves.phases[:, None]) % 2 == 0)
    assert 0.2 < marked.mean() < 0.8


def test_texts_that_are_all_known_are_counted_as_among_unknown_ones():
    layout, known = Layout(features()), np.array(["blue", "red", "", "1"] * 5, dtype=object)
    counted = [layout.tally({"c": np.append(known, more)}) for more in ([], ["green"])]
    assert np.flatnonzero(counted[1][layout.owner == 1] - counted[0][layout.owner == 1]).tolist() == [len(CATEGORIES)]


def test_no_rows_count_nowhere():
    assert not Layout(features()).tally({"c": np.empty(0, dtype=object)}).any()
    assert Layout(features()).encode({"c": np.empty(0, dtype=object)}).shape == (0, 5)


def test_a_row_is_on_an_even_stripe_where_the_floor_is_even_to_the_last_bit():
    tiny, ones = np.finfo(np.float32).tiny, np.arange(-9, 10, dtype=np.float32)
    near = [np.nextafter(ones[ones != 0], np.float32(side)) for side in (-99, 99)]
    places = np.concatenate([*near, ones, np.float32([-tiny, tiny])])
    marks = np.empty((1, places.size), dtype=bool)
    single = Waves(np.array([[0], [1]]), np.array([[1], [0]], dtype=np.float32), np.zeros(1, dtype=np.float32))
    single.mark(np.stack([places, places]), marks)
    np.testing.assert_array_equal(marks[0], np.floor(places) % 2 == 0)


@pytest.mark.parametrize("rows", [1, 1000, 1024, 2032, 2048])
def test_rows_of_a_table_do_not_lie_alike_in_their_pages(rows):
    table = apart(64, rows, np.float32)
    assert table.shape == (64, rows)
    assert np.unique(np.arange(64) * table.strides[0] % 4096).size == 64
