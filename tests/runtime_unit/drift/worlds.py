"""Small worlds for the statistics: days of rows that depend on one another."""

from dataclasses import dataclass, replace

import numpy as np

from trimtab.drift import LabelSums, Outcomes, PairedSums, Profile, Watch, WatchSettings, count

ROWS = 200
SENSITIVE = WatchSettings(false_alarm_rate=0.05, data_tolerance=0.0, loss_tolerance=0.0, calibration_tolerance=0.0)


@dataclass
class World:
    """Days whose rows share the day's mood; `shift`, `missing` and `late` are what may change."""

    seed: int
    mood: float = 0.3
    shift: float = 0.0
    missing: float = 0.05
    late: float = 0.0

    def __post_init__(self):
        self.random = np.random.default_rng(self.seed)

    def day(self):
        mood = self.random.normal(0, self.mood)
        number = self.random.normal(mood + self.shift, 1, ROWS)
        number[self.random.random(ROWS) < self.missing] = np.nan
        carrier = self.random.choice(["AA", "B6", "DL"], ROWS, p=[0.5, 0.3, 0.2])
        chance = np.full(ROWS, 0.25)
        true = np.clip(chance + self.late + 0.1 * mood, 0.01, 0.99)
        labels = (self.random.random(ROWS) < true).astype(int)
        return {"number": number, "carrier": carrier}, labels, chance

    def profile(self, days):
        seen = [self.day() for _ in range(days)]
        blocks = np.repeat(np.arange(days), ROWS)
        columns = {name: np.concatenate([day[0][name] for day in seen]) for name in ("number", "carrier")}
        labels, chances = (np.concatenate([day[part] for day in seen]) for part in (1, 2))
        return Profile.build(columns, blocks, Outcomes(labels, chances, blocks))


def watched(world, profile, windows, settings=SENSITIVE):
    """Fold windows; return the watch and the verdicts after each, the graver side."""
    watch, verdicts = Watch.start(profile, settings), []
    for number in range(windows):
        columns, labels, chances = world.day()
        watch, _ = watch.fold_data(f"{number:04}", count(profile, columns))
        watch, _ = watch.fold_labels(f"{number:04}", LabelSums.of(labels, chances))
        verdicts.append(watch.verdict)
    return watch, verdicts


def alarms(profiled, streams, windows, settings=SENSITIVE):
    """Count streams of the same world with any alarm; each has a reference of its own."""
    found = 0
    for seed in range(streams):
        world = World(seed)
        _, verdicts = watched(world, profiled(world), windows, settings)
        found += any(verdict.kind.endswith("Drift") for verdict in verdicts)
    return found


def sure_of_itself(profile):
    """Plant the usual bug: the reference is taken for the truth."""
    return replace(
        profile,
        inputs=replace(profile.inputs, blocks=np.full_like(profile.inputs.blocks, 1e12)),
        outcomes=replace(profile.outcomes, blocks=np.full_like(profile.outcomes.blocks, 1e12)),
    )


def paired(random, gain, rows=ROWS):
    """One window's labelled rows; the candidate's loss is lower by about `gain`, give or take the day."""
    labels = (random.random(rows) < 0.3).astype(int)
    champion = np.where(labels > 0, 0.4, 0.3)
    lift = np.exp(gain + random.normal(0, 0.02))
    right = np.clip(np.where(labels > 0, champion, 1 - champion) * lift, 0.01, 0.99)
    candidate = np.where(labels > 0, right, 1 - right)
    answers = (champion > 0.5).astype(int)
    return PairedSums.of_answers(answers, (candidate > 0.5).astype(int)) + PairedSums.of_labels(
        labels, champion, candidate
    )
