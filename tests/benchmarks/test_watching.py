"""The benchmark's harnesses, each seen to fail on the bug it is there to find."""

from functools import cache, partial

import numpy as np
import pytest

from benchmarks.drift.changes import CHANGES
from benchmarks.drift.rows import false_alarms, power
from benchmarks.drift.rows.false_alarms import chi_square, watched
from benchmarks.drift.rows.merging import broken_cases
from benchmarks.drift.watching import first_alarm, side_of, sure_of_itself
from benchmarks.drift.worlds import Marks, World
from trimtab.drift import LabelSums, WindowCounts, count

STREAMS, WINDOWS, REFERENCE = 4, 150, 20_000


class Floats(LabelSums):
    """A planted bug: what is added up is no integer."""


@cache
def world(*, days):
    return World.make(5, days=days)


def alarms(watch, *, days):
    found = 0
    for stream in range(STREAMS):
        random = np.random.default_rng([stream, days])
        profile = world(days=days).reference(random, REFERENCE)
        found += watch(profile, Marks(profile, world(days=days).columns), world(days=days).draw(random, WINDOWS))
    return found


def taking_the_reference_for_the_truth(profile, marks, drawn):
    return first_alarm(side_of(sure_of_itself(profile)), map(marks.observation, drawn)) is not None


@pytest.mark.parametrize("days", [False, True])
def test_nothing_is_said_of_streams_in_which_nothing_moves(days):
    assert alarms(watched, days=days) == 0


@pytest.mark.parametrize("days", [False, True])
def test_a_reference_that_is_taken_for_the_truth_is_found_out(days):
    assert alarms(taking_the_reference_for_the_truth, days=days) > 0


def test_p_values_that_are_looked_at_after_every_window_are_found_out():
    assert alarms(partial(chi_square, 0.01), days=False) == STREAMS


def test_the_days_of_the_benchmark_are_as_different_as_those_of_the_flights():
    by_mood = (world(days=True).columns["category 0"] == "c0").reshape(60, -1).mean(axis=1)
    assert by_mood.min() < 0.06
    assert by_mood.max() > 0.5
    assert by_mood.mean() == pytest.approx(0.25, abs=0.01)


def test_sums_of_integers_do_not_depend_on_how_rows_are_split():
    assert broken_cases(100) == 0


def test_sums_of_floats_are_found_out():
    def floats(_, chances):
        return Floats(probabilities=float(np.sum(chances)))

    assert broken_cases(100, summed=floats) > 0


def test_batches_that_are_counted_by_their_first_row_are_found_out():
    def first_row(profile, columns):
        whole, one = (count(profile, {name: c[:n] for name, c in columns.items()}) for n in (None, 1))
        return WindowCounts(whole.rows, one.counts * whole.rows)

    assert broken_cases(100, counted=first_row) > 0


@pytest.mark.parametrize(
    ("change", "rows"), list(zip(CHANGES, (210, 160, 210, 11, 583, 364), strict=True)), ids=lambda x: str(x)[:20]
)
def test_the_oracle_needs_as_many_rows_as_the_textbook_says(change, rows):
    assert change.oracle(0.01, 0.9) == pytest.approx(rows, abs=1)


def test_a_watch_that_hears_nothing_misses_the_bar_of_power(monkeypatch):
    monkeypatch.setattr("benchmarks.drift.rows.power.first_alarm", lambda *_: None)
    assert power.measured(CHANGES[0], 4).passed is False


def test_a_watch_that_takes_the_reference_for_the_truth_misses_the_bar_of_false_alarms(monkeypatch):
    monkeypatch.setattr("benchmarks.drift.rows.false_alarms.watched", taking_the_reference_for_the_truth)
    row = false_alarms.measured("planted", 8, WINDOWS, peers=False)
    assert row.passed is False
