from datetime import date

import pandas as pd

from examples.flights.demo.days import Year, labels_due, shuffled
from examples.flights.flights.data import FEATURES, TARGET, TIME
from tests.runtime_unit.flights.conftest import rows


def test_a_day_is_asked_hour_by_hour(year):
    batches = list(year.batches(date(2013, 3, 1)))
    assert [batch.id for batch in batches] == ["2013-03-01T06", "2013-03-01T12", "2013-03-01T18"]
    assert sum(len(batch.labels) for batch in batches) == len(year.rows(date(2013, 3, 1)))


def test_a_request_holds_nothing_but_the_features(year):
    batch = next(iter(year.batches(date(2013, 3, 1))))
    assert list(batch.features.columns) == FEATURES


def test_labels_are_due_a_day_later():
    assert labels_due(date(2013, 3, 1)) == date(2013, 2, 28)


def test_what_is_known_ends_with_the_day_asked_for(year):
    assert year.until(date(2013, 2, 28)) == [date(2013, 2, 27), date(2013, 2, 28)]


def test_a_shuffled_year_has_the_same_days_whole_under_other_dates():
    known = rows("2013-01-01", 20)
    moved = shuffled(known, seed=1)

    def contents(frame: pd.DataFrame) -> list[tuple[float, ...]]:
        return sorted(tuple(day["distance"]) for _, day in frame.groupby(frame[TIME].dt.date))

    assert contents(moved) == contents(known)
    assert list(moved[TIME].dt.date.unique()) == list(known[TIME].dt.date.unique())
    assert list(moved["distance"]) != list(known["distance"])


def test_a_shuffled_day_keeps_its_hours_and_labels():
    known = rows("2013-01-01", 5)
    moved = shuffled(known, seed=1)
    assert (moved[TIME].dt.hour == moved["hour"]).all()
    pairs = [frame.set_index("distance")[TARGET].sort_index() for frame in (known, moved)]
    assert pairs[0].equals(pairs[1])


def test_the_same_seed_shuffles_the_same_way():
    known = rows("2013-01-01", 20)
    assert shuffled(known, 4).equals(shuffled(known, 4))
    assert Year(shuffled(known, 4)).until(date(2013, 12, 31)) == Year(known).until(date(2013, 12, 31))
