"""The bar of cost sees what takes too much memory, and what is cheap because it overlooks."""

import pytest

from benchmarks.drift.rows import cost
from benchmarks.drift.tables import Shape

SHAPE = Shape(20_000, 20, 2)
GREEDY = ("-c", "held = bytearray(b'x') * 1_100_000_000; print('{\"features\": []}')")


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


def test_a_command_that_overlooks_what_moved_is_found_out(files):
    assert not cost.row(SHAPE, cost.compared(files[0], files[0]), {}).passed
