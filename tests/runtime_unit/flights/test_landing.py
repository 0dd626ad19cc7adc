from datetime import date

import pandas as pd

from examples.flights.demo.landing import land


def test_a_day_lands_as_one_whole_file_and_nothing_else(tmp_path, year):
    day = date(2013, 3, 1)
    path = land(year.rows(day), day, tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == [path]
    pd.testing.assert_frame_equal(pd.read_parquet(path), year.rows(day).reset_index(drop=True))


def test_landing_a_day_again_replaces_it(tmp_path, year):
    for day in (date(2013, 3, 1), date(2013, 3, 2)):
        path = land(year.rows(day), date(2013, 3, 1), tmp_path / "data")
    assert len(list((tmp_path / "data").iterdir())) == 1
    assert pd.read_parquet(path)["time_hour"].dt.day.unique() == [2]
