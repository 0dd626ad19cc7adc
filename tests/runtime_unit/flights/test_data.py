import pandas as pd
import pytest

from examples.flights.flights import data


@pytest.fixture(scope="module")
def year():
    return data.year()


def test_every_flight_with_a_known_arrival_is_there_once(year):
    assert len(year) == 327_346
    assert year[data.TARGET].mean() == pytest.approx(0.2364, abs=0.001)


def test_rows_come_in_order_of_their_scheduled_hour(year):
    assert year[data.TIME].is_monotonic_increasing


def test_days_begin_at_midnight_in_new_york(year):
    first = year[year[data.TIME].dt.date == pd.Timestamp("2013-01-01").date()]
    assert len(first) == 831
    assert first["hour"].min() == 5


def test_the_weather_is_that_of_the_hour_before(year):
    six_at_newark = year[(year[data.TIME] == "2013-01-01 06:00") & (year["origin"] == "EWR")]
    assert six_at_newark["temp"].unique() == pytest.approx([39.02], abs=0.001)
    assert six_at_newark["humid"].unique() == pytest.approx([64.43], abs=0.001)


def test_numbers_are_as_the_served_model_takes_them(year):
    assert {str(year[name].dtype) for name in data.NUMERIC} == {"float32"}
    assert not year[data.CATEGORICAL].isna().any().any()


def test_the_model_does_not_see_the_month_nor_what_happened_afterwards(year):
    assert not {"month", "dep_delay", "arr_delay", "dep_time", "air_time"} & set(year.columns)
