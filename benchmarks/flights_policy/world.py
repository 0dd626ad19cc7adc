"""The year as days of rows, and the versions that can be had of it, each made once, parted and judged as a run does."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.metrics import roc_auc_score

from examples.flights.demo.days import shuffled
from examples.flights.flights.data import CATEGORICAL, FEATURES, NUMERIC, TARGET, TIME
from examples.flights.flights.train import train
from trimtab.api.trainingrun import GateResult, TrainingRunSpec
from trimtab.data.holdout import Parts, part
from trimtab.drift import Outcomes, Profile
from trimtab.training.context import Context
from trimtab.training.judgement.gates import Comparison, judge
from trimtab.training.judgement.metrics import measure


@dataclass(frozen=True)
class Version:
    """A trained model with its answers for every row of the year; the replay looks at a day's only when it comes."""

    until: int
    """Learnt from days before this one."""
    chances: np.ndarray
    profile: Profile
    judged: np.ndarray
    """Rows of the year it was judged on."""
    answers: np.ndarray
    """By fits that have not learnt them."""


@dataclass
class World:
    """The rows in the order of replay; `day` numbers each row's day from 0."""

    rows: pd.DataFrame
    training: TrainingRunSpec
    versions: dict[int, Version] = field(default_factory=dict)

    @classmethod
    def of(cls, year: pd.DataFrame, seed: int, training: TrainingRunSpec, shuffle: int | None = None) -> "World":
        """Replay the year in order, or with its days shuffled."""
        seeded = training.model_copy(update={"trainer": training.trainer.model_copy(update={"seed": seed})})
        return cls(year if shuffle is None else shuffled(year, shuffle), seeded)

    def __post_init__(self) -> None:
        self.day = self.rows[TIME].dt.day_of_year.to_numpy() - 1
        self.labels = self.rows[TARGET].to_numpy()
        self.months = self.rows[TIME].dt.month.to_numpy()
        self.columns = {name: self.rows[name].to_numpy() for name in FEATURES}
        self.ends = np.searchsorted(self.day, np.arange(self.day[-1] + 2))

    def rows_of(self, day: int) -> slice:
        return slice(self.ends[day], self.ends[day + 1])

    def version(self, until: int) -> Version:
        """Train on the days before `until`."""
        if until not in self.versions:
            self.versions[until] = self._train(until)
        return self.versions[until]

    def gated(self, candidate: Version, champion: Version) -> list[GateResult]:
        """What the gates at training say: on all judged rows, and beside the champion on those neither has learnt."""
        common = np.ones(candidate.judged.size, dtype=np.bool_)
        if self.training.data.holdout.refit:
            common = self.day[candidate.judged] >= champion.until
        rows = candidate.judged[common]
        beside = Comparison(
            measure(self.labels[rows], candidate.answers[common]),
            measure(self.labels[rows], champion.chances[rows]),
        )
        return judge(self.training.gates, measure(self.labels[candidate.judged], candidate.answers), beside)

    def monthly_auc(self, chances: np.ndarray, months: Iterable[int] = range(3, 13)) -> dict[int, float]:
        """AUC of the answers that clients got, by month."""
        picks = {month: np.flatnonzero((self.months == month) & ~np.isnan(chances)) for month in months}
        return {month: float(roc_auc_score(self.labels[at], chances[at])) for month, at in picks.items()}

    def _fit(self, rows: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """Train on some rows of the year and answer others."""
        trainer = self.training.trainer
        context = Context(trainer.seed, 1, TARGET, tuple(FEATURES), tuple(NUMERIC), tuple(CATEGORICAL))
        model = train(self.rows.iloc[rows], trainer.hyperparameters, context)
        return model.predict_proba(self.rows[FEATURES].iloc[asked])[:, 1].astype(np.float32)

    def _train(self, until: int) -> Version:
        known, parts = np.arange(self.ends[until]), self._parts(until)
        chances = self._fit(known[parts.training], np.arange(self.day.size))
        answers = chances[known]
        for number in parts.numbers if parts.refit else []:
            mine = parts.part == number
            answers[mine] = self._fit(known[~mine], known[mine])
        judged = np.flatnonzero(parts.judged)
        outcomes = Outcomes(self.labels[judged], answers[judged], parts.blocks[judged])
        columns = {name: column[known] for name, column in self.columns.items()}
        profile = Profile.build(columns, parts.blocks, outcomes)
        return Version(until, chances, profile, judged, answers[judged])

    def _parts(self, until: int) -> Parts:
        times = pa.table({TIME: self.rows[TIME].iloc[: self.ends[until]]})
        return part(times, self.training.data, self.training.trainer.seed)
