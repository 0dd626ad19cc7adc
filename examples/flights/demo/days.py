"""The year as the days of a replay: what is asked, what becomes known, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from examples.flights.flights.data import FEATURES, TARGET, TIME


@dataclass(frozen=True)
class Batch:
    """The flights of one scheduled hour: one request, and its labels."""

    id: str
    day: date
    features: pd.DataFrame
    labels: list[int]


class Year:
    """All rows, by day. `rows` may be any frame with TIME, FEATURES and TARGET."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._days = dict(iter(rows.groupby(rows[TIME].dt.date, sort=True)))

    def rows(self, day: date) -> pd.DataFrame:
        """The rows of a day, as they land in the data folder."""
        return self._days[day]

    def batches(self, day: date) -> Iterator[Batch]:
        """The requests of a day, in order of the scheduled hour."""
        for hour, rows in self._days[day].groupby("hour", sort=True):
            yield Batch(f"{day}T{int(hour):02d}", day, rows[FEATURES], rows[TARGET].tolist())

    def until(self, day: date) -> list[date]:
        """The days up to and with `day`."""
        return [known for known in self._days if known <= day]


def shuffled(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The same days in random order, under the calendar's dates in order: a world that does not drift.

    A day keeps its flights, its weather and its day of the week; only TIME moves.
    """
    days = rows[TIME].dt.normalize()
    known = np.sort(days.unique())
    moved = dict(zip(known, np.random.default_rng(seed).permutation(known), strict=True))
    shifted = rows.assign(**{TIME: days.map(moved) + (rows[TIME] - days)})
    return shifted.sort_values(TIME, kind="stable").reset_index(drop=True)


def labels_due(day: date) -> date:
    """The day whose labels become known at the end of `day`: a day later, when the last flight has landed."""
    return day - timedelta(days=1)
