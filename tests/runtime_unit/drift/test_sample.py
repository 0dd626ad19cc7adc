"""Samples of rows: the same however their parts came together."""

import json

import numpy as np
import pytest

from trimtab.drift.reference.features import Feature
from trimtab.drift.reference.layout import Layout
from trimtab.drift.reference.sample import Sample, keys_of

MOST = 5


def part(name, rows=7):
    keys = keys_of(name, rows)
    return Sample.of(keys, np.stack([keys % 97, keys % 89], axis=1).astype(np.float32), MOST)


def state(sample):
    return json.dumps(sample.to_json())


def test_parts_make_the_same_sample_in_any_order():
    one, two, three = map(part, "abc")
    assert state(one.merge(two, MOST).merge(three, MOST)) == state(three.merge(one.merge(two, MOST), MOST))


def test_a_sample_of_parts_is_the_sample_of_the_whole():
    keys = np.concatenate([keys_of("a", 7), keys_of("b", 7)])
    rows = np.stack([keys % 97, keys % 89], axis=1).astype(np.float32)
    assert state(part("a").merge(part("b"), MOST)) == state(Sample.of(keys, rows, MOST))


def test_each_row_is_as_likely_to_be_in_it():
    held = np.zeros(20)
    for draw in range(400):
        held += np.isin(np.arange(20), np.argsort(keys_of(str(draw), 20))[:MOST])
    assert held == pytest.approx(np.full(20, 100), abs=40)


def test_it_is_read_as_it_was_written():
    assert state(Sample.from_json(part("a").to_json())) == state(part("a"))


def test_rows_are_numbers_and_places_of_categories():
    layout = Layout([Feature("x"), Feature("c", categories=("red", "blue"))])
    columns = {"x": np.array([1.5, np.nan]), "c": np.array(["blue", ""], dtype=object)}
    assert layout.encode(columns) == pytest.approx(np.array([[1.5, 1], [np.nan, 3]]), nan_ok=True)


def test_a_column_that_is_not_there_is_missing_in_every_row():
    layout = Layout([Feature("x"), Feature("c", categories=("red",)), Feature("y")])
    assert layout.encode({"y": np.array([2.0])}) == pytest.approx(np.array([[np.nan, 2, 2]]), nan_ok=True)
