import pandas as pd

from examples.flights.flights.__main__ import write
from tests.runtime_unit.flights.conftest import rows


def test_each_day_becomes_a_file_and_no_row_is_lost(tmp_path):
    flights = rows("2013-02-27", 3)
    write(flights, f"{tmp_path.as_uri()}/data")
    days = sorted((tmp_path / "data").iterdir())
    assert [day.stem for day in days] == ["2013-02-27", "2013-02-28", "2013-03-01"]
    pd.testing.assert_frame_equal(pd.concat(map(pd.read_parquet, days), ignore_index=True), flights)
