"""`python -m examples.flights.flights URI`: write the flights before March there, a Parquet file for each day.

URI is what `spec.data.uri` of the TrainingRun says: `file:///…`, or `s3://…`, with the store's keys in AWS_… variables.
"""

import sys

import pandas as pd

from examples.flights.flights.data import TIME, year
from trimtab import storage

_SERVED_FROM = "2013-03-01"


def write(rows: pd.DataFrame, uri: str) -> None:
    """Write the rows below the address."""
    for day, of_day in rows.groupby(rows[TIME].dt.date):
        storage.write(storage.join(uri, f"{day}.parquet"), of_day.to_parquet(index=False))


if __name__ == "__main__":
    flights = year()
    write(flights[flights[TIME] < _SERVED_FROM], sys.argv[1])
