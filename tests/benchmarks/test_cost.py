"""The bar of cost sees what takes too much memory, and what is cheap because it overlooks."""

import json
from dataclasses import replace

import pytest

from benchmarks.drift.rows import cost
from benchmarks.drift.tables import Shape, moved_numbers

SHAPE = Shape(20_000, 20, 2)
FOUND = [{"feature": name, "verdict": "Drifted"} for name in moved_numbers(SHAPE)]
GREEDY = ("-c", f"held = bytearray(b'x') * 1_100_000_000; print('{json.dumps({'features': FOUND})}')")


@pytest.fixture(scope="module")
def files():
    with cost.written(SHAPE) as files:
        yield files


def test_the_command_holds_the_bar(files):
    assert cost.row(SHAPE, cost.compared(*files), {}).passed


def test_a_command_that_takes_more_than_a_gigabyte_is_found_out(files):
    run = cost.compared(*files, program=GREEDY)
    assert run.peak > cost.MOST_BYTES
    assert not cost.row(SHAPE, run, {}).passed
    assert cost.row(SHAPE, replace(run, peak=cost.MOST_BYTES), {}).passed


def test_a_command_that_overlooks_what_moved_is_found_out(files):
    assert not cost.row(SHAPE, cost.compared(files[0], files[0]), {}).passed
