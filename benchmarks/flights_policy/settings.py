"""The settings of the rule; their reasons are in docs/decisions/0003-drift-rule.md."""

from dataclasses import dataclass, field

from trimtab.api.trainingrun import ChampionGate, Holdout
from trimtab.api.trainingrun import Gate as TrainingGate
from trimtab.drift import Gate, WatchSettings


@dataclass(frozen=True)
class Settings:
    """What the manifests of the demonstration say, in days."""

    watch: WatchSettings = field(default_factory=lambda: WatchSettings(false_alarm_rate=0.05))
    gates: tuple[Gate, ...] = (Gate("errors", 0.001), Gate("loss", 0.005))
    error_rate: float = 0.05
    min_requests: int = 1000
    deadline: int = 8
    consecutive_windows: int = 2
    cooldown: int = 28
    budget: int = 10
    suspend_after_failures: int = 3
    holdout: Holdout = field(default_factory=lambda: Holdout(by="Random", fraction=0.2, refit=True))
    training_days: int = 1
    """From the alarm to the first day of the candidate's shadow."""
    training_gates: tuple[TrainingGate, ...] = (
        TrainingGate(metric="auc", min=0.6),
        TrainingGate(metric="logLoss", champion=ChampionGate(tolerance=0.01)),
    )


HYPERPARAMETERS = {
    "max_iter": 200,
    "learning_rate": 0.06,
    "max_leaf_nodes": 31,
    "min_samples_leaf": 100,
    "l2_regularization": 1.0,
}
