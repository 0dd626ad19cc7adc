"""The loop, day by day, with the real statistics: serve, close the window, fold yesterday's labels, decide."""

from dataclasses import dataclass, field

import numpy as np

from benchmarks.flights_policy.settings import Settings, days
from benchmarks.flights_policy.world import Version, World
from trimtab.drift import PREDICTION, Judge, LabelSums, PairedSums, Ruling, Verdict, Watch, count


@dataclass(frozen=True)
class Decision:
    """One thing the loop decided."""

    day: str
    action: str
    why: str


@dataclass
class Loop:
    """The state of one replay. `shadow_from` is the first day of the candidate's shadow."""

    world: World
    settings: Settings
    champion: Version
    champion_from: int
    watch: Watch
    candidate: Version | None = None
    shadow_from: int = 0
    judge: Judge | None = None
    free_from: int = 0
    retrained: list[int] = field(default_factory=list)
    failures: int = 0
    decisions: list[Decision] = field(default_factory=list)

    @classmethod
    def start(cls, world: World, settings: Settings, first: int) -> "Loop":
        version = world.version(first)
        return cls(world, settings, version, first, Watch.start(version.profile, settings.watch))

    def run(self, first: int) -> np.ndarray:
        """Replay from day `first` to the end; return what clients were answered, NaN before."""
        served = np.full(len(self.world.labels), np.nan)
        for day in range(first, len(self.world.ends) - 1):
            rows = self.world.rows_of(day)
            served[rows] = self.champion.chances[rows]
            self._close(day)
            self._decide(day)
        return served

    def _close(self, day: int) -> None:
        """Fold the day's rows, and the labels of the day before."""
        rows = self.world.rows_of(day)
        columns = {name: column[rows] for name, column in self.world.columns.items()}
        columns[PREDICTION] = self.champion.chances[rows]
        self.watch, _ = self.watch.fold_data(self._name(day), count(self.champion.profile, columns))
        if day > self.champion_from:
            self.watch, _ = self.watch.fold_labels(self._name(day - 1), self._sums(day - 1))
        if self.judge is not None and day >= self.shadow_from:
            self.judge, _ = self.judge.fold(self._answers(day))
            if day > self.shadow_from:
                self.judge, _ = self.judge.fold(self._paired(day - 1))

    def _decide(self, day: int) -> None:
        if self.judge is not None:
            self._judge(day, self.judge.ruling)
        elif self._allowed(day) and (alarm := self._alarm()) is not None:
            self._retrain(day, alarm)

    def _alarm(self) -> Verdict | None:
        verdict = self.watch.verdict
        return (
            verdict if verdict.drifted and verdict.consecutive >= self.settings.retraining.consecutive_windows else None
        )

    def _allowed(self, day: int) -> bool:
        rules = self.settings.retraining
        recent = [run for run in self.retrained if day - run < days(rules.budget.per)]
        return (
            day >= self.free_from and len(recent) < rules.budget.runs and self.failures < rules.suspend_after_failures
        )

    def _retrain(self, day: int, alarm: Verdict) -> None:
        self.retrained.append(day)
        self.free_from = day + self.settings.training_days + days(self.settings.retraining.cooldown)
        found = alarm.findings[0]
        self._note(
            day,
            "Retrain",
            f"{alarm.kind}: {found.quantity} {found.reference:.2f} → {found.live:.2f} since {found.since}",
        )
        candidate = self.world.version(day)
        if (refusal := self._gate(candidate)) is not None:
            self._refuse(day, refusal)
            return
        self.candidate, self.shadow_from = candidate, day + self.settings.training_days + 1
        promotion = self.settings.service.promotion
        self.judge = Judge.start(self.settings.gates, promotion.error_rate, promotion.min_requests)

    def _gate(self, candidate: Version) -> str | None:
        """Why the candidate may not even be shadowed, by the gates at training; None if it may."""
        results = self.world.gated(candidate, self.champion)
        failed = [f"{r.metric} {r.value:.4f} against {r.limit:.4f}" for r in results if not r.passed]
        return f"at training: {'; '.join(failed)}" if failed else None

    def _judge(self, day: int, ruling: Ruling) -> None:
        ended = ruling.windows >= self.settings.most_windows
        if ruling.outcome == "Promote" or (ended and ruling.better and ruling.outcome != "Reject"):
            self._promote(day, ruling)
        elif ruling.outcome == "Reject" or (ended and ruling.better is False):
            self._refuse(day, _told(ruling))

    def _promote(self, day: int, ruling: Ruling) -> None:
        assert self.candidate is not None  # noqa: S101  # a judge has a candidate
        self.champion, self.champion_from, self.failures = self.candidate, day + 1, 0
        self.watch = Watch.start(self.champion.profile, self.settings.watch)
        self._note(day, "Promote", _told(ruling))
        self.candidate = self.judge = None

    def _refuse(self, day: int, why: str) -> None:
        self.failures += 1
        self._note(day, "Reject", why)
        self.candidate = self.judge = None

    def _note(self, day: int, action: str, why: str) -> None:
        self.decisions.append(Decision(self._name(day), action, why))

    def _name(self, day: int) -> str:
        return f"{self.world.rows['time_hour'].iloc[self.world.ends[day]]:%Y-%m-%d}"

    def _sums(self, day: int) -> LabelSums:
        rows = self.world.rows_of(day)
        return LabelSums.of(self.world.labels[rows], self.champion.chances[rows])

    def _answers(self, day: int) -> PairedSums:
        champion, candidate = self._both(day)
        return PairedSums.of_answers(champion > 0.5, candidate > 0.5)  # noqa: PLR2004  # the label's threshold

    def _paired(self, day: int) -> PairedSums:
        return PairedSums.of_labels(self.world.labels[self.world.rows_of(day)], *self._both(day))

    def _both(self, day: int) -> tuple[np.ndarray, np.ndarray]:
        assert self.candidate is not None  # noqa: S101  # a judge has a candidate
        rows = self.world.rows_of(day)
        return self.champion.chances[rows], self.candidate.chances[rows]


def _told(ruling: Ruling) -> str:
    loss = next(reading for reading in ruling.readings if reading.metric == "loss")
    return f"loss {loss.estimate or 0.0:+.4f} [{loss.low:+.3f}, {loss.high:+.3f}], {ruling.labelled} labelled rows"
