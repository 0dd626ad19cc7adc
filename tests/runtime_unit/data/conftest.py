"""A folder of daily Parquet files, as a lake has it."""

from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trimtab.api.data import Data

FIRST = datetime(2013, 1, 1)  # noqa: DTZ001  # as Parquet has it, without a zone


class Lake:
    """Files of ten rows a day, and what a TrainingRun says about them."""

    def __init__(self, folder):
        self.folder = folder

    def land(self, day, **columns):
        """Put the file of a day there (again), with these columns in place of the usual ones."""
        at = FIRST + timedelta(days=day)
        usual = {
            "at": [at + timedelta(hours=hour) for hour in range(10)],
            "distance": [float(day * 10 + row) for row in range(10)],
            "carrier": ["AA", None] * 5,
            "late": [0, 1] * 5,
        }
        path = self.folder / f"day={day:03}.parquet"
        pq.write_table(pa.table({**usual, **columns}), path)
        return path

    def data(self, **fields):
        return Data.model_validate({"uri": self.folder.as_uri(), "time": "at", "target": "late", **fields})


@pytest.fixture
def lake(tmp_path):
    folder = tmp_path / "lake"
    folder.mkdir()
    lake = Lake(folder)
    for day in range(5):
        lake.land(day)
    return lake


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"
