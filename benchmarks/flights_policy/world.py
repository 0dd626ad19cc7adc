"""The year as days of rows, and the models that can be had of it, each fitted once."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from flights.data import CATEGORICAL, FEATURES, NUMERIC, TARGET, TIME
from flights.train import train
from settings import HYPERPARAMETERS
from sklearn.metrics import roc_auc_score

from trimtab.drift import Outcomes, Profile
from trimtab.drift.sums import log_loss
from trimtab.training.context import Context


@dataclass(frozen=True)
class Version:
    """A trained model with its answers for every row of the year; the replay looks at a day's only when it comes."""

    until: int
    """Learnt from days before this one."""
    chances: np.ndarray
    profile: Profile
    held_out: np.ndarray
    """Rows it was evaluated on."""


@dataclass
class World:
    """The rows in the order of replay; `day` numbers each row's day from 0."""

    rows: pd.DataFrame
    day: np.ndarray
    seed: int
    holdout: float
    versions: dict[int, Version] = field(default_factory=dict)

    @classmethod
    def of(cls, year: pd.DataFrame, seed: int, holdout: float, shuffle: int | None = None) -> "World":
        """Replay the year in order, or with its days shuffled."""
        place = year[TIME].dt.dayofyear.to_numpy() - 1
        if shuffle is not None:
            place = np.random.default_rng(shuffle).permutation(place.max() + 1)[place]
        order = np.argsort(place, kind="stable")
        return cls(year.iloc[order].reset_index(drop=True), place[order], seed, holdout)

    def __post_init__(self) -> None:
        self.labels = self.rows[TARGET].to_numpy()
        self.months = self.rows[TIME].dt.month.to_numpy()
        self.columns = {name: self.rows[name].to_numpy() for name in FEATURES}
        self.ends = np.searchsorted(self.day, np.arange(self.day[-1] + 2))

    def rows_of(self, day: int) -> slice:
        return slice(self.ends[day], self.ends[day + 1])

    def version(self, until: int) -> Version:
        """Train on the days before `until`, less the held-out ones."""
        if until not in self.versions:
            self.versions[until] = self._train(until)
        return self.versions[until]

    def scores(self, version: Version, rows: np.ndarray) -> tuple[float, float]:
        """AUC and log loss on some rows."""
        labels, chances = self.labels[rows], version.chances[rows]
        return float(roc_auc_score(labels, chances)), float(log_loss(labels, chances).mean())

    def monthly_auc(self, chances: np.ndarray, months: Iterable[int] = range(3, 13)) -> dict[int, float]:
        """AUC of the answers that clients got, by month."""
        picks = {month: np.flatnonzero((self.months == month) & ~np.isnan(chances)) for month in months}
        return {month: float(roc_auc_score(self.labels[at], chances[at])) for month, at in picks.items()}

    def fit(self, rows: np.ndarray) -> np.ndarray:
        """Train on some rows and answer all."""
        context = Context(self.seed, 1, TARGET, tuple(FEATURES), tuple(NUMERIC), tuple(CATEGORICAL))
        model = train(self.rows.iloc[rows], HYPERPARAMETERS, context)
        return model.predict_proba(self.rows[FEATURES])[:, 1].astype(np.float32)

    def _train(self, until: int) -> Version:
        known = np.arange(self.ends[until])
        held = np.isin(self.day[known], [day for day in range(until) if self._held_out(day)])
        chances = self.fit(known[~held])
        rows = known[held]
        outcomes = Outcomes(self.labels[rows], chances[rows], self.day[rows])
        columns = {name: column[known] for name, column in self.columns.items()}
        return Version(until, chances, Profile.build(columns, self.day[known], outcomes), rows)

    def _held_out(self, day: int) -> bool:
        drawn = hashlib.sha256(f"{self.seed}:{self.rows[TIME].iloc[self.ends[day]]:%Y-%m-%d}".encode()).digest()
        return int.from_bytes(drawn[:8]) / 2**64 < self.holdout
