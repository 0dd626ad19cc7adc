"""What evidence is filed under, and under which settings it is weighed.

A key holds the version, its artifact and the settings: another file under the same number, or other tolerances, begin
anew. When a comparison ends is no part of it: an end that is moved takes nothing from what is known. Settings at their
defaults leave no trace in it, so a release that brings a new one forgets nothing.
"""

import hashlib
from dataclasses import dataclass
from typing import Self

from trimtab.api.common import ApiModel
from trimtab.api.inferenceservice import Monitoring, Promotion, PromotionGate
from trimtab.contract.serving import ServingPlan, VersionRef
from trimtab.drift import Gate, WatchSettings
from trimtab.drift.judging import judge

_MARK = 12
_WEIGHED = {"gates", "error_rate"}
"""The settings of a promotion by which rows are weighed; the others say how much of it is enough."""
_LEAST_GAIN = WatchSettings().loss_tolerance


@dataclass(frozen=True)
class Keys:
    """Names of evidence under one plan's settings."""

    monitoring: str
    promotion: str

    @classmethod
    def of(cls, plan: ServingPlan) -> Self:
        return cls(_fingerprint(plan.monitoring), _fingerprint(plan.promotion, _WEIGHED))

    def stream(self, ref: VersionRef) -> str:
        """Name what a version answered."""
        return f"{name_of(ref)}#{self.monitoring}"

    def pair(self, champion: VersionRef, candidate: str) -> str:
        """Name what a champion and a candidate (by its name) answered side by side."""
        return f"{self.stream(champion)}>{candidate}#{self.promotion}/{judge.FORMAT}"


def name_of(ref: VersionRef) -> str:
    """Name a version and its very artifact."""
    return f"{ref.version}@{ref.artifact.digest.removeprefix('sha256:')[:_MARK]}"


def watch_settings(monitoring: Monitoring) -> WatchSettings:
    """Read what is watched, and how sure an alarm is, from the spec."""
    defaults = WatchSettings()
    concept = monitoring.concept
    return WatchSettings(
        false_alarm_rate=monitoring.false_alarm_rate,
        data_tolerance=monitoring.data.tolerance if monitoring.data else None,
        feature_tolerances=monitoring.data.tolerances if monitoring.data else {},
        loss_tolerance=concept.loss_tolerance if concept else defaults.loss_tolerance,
        calibration_tolerance=concept.calibration_tolerance if concept else defaults.calibration_tolerance,
        watch_concept=concept is not None,
        detector=detector_of(monitoring),
    )


def detector_of(monitoring: Monitoring) -> str:
    """Name the detector of others that tests the inputs; empty where trimtab does."""
    chosen = monitoring.data.detector if monitoring.data else "Trimtab"
    return "" if chosen == "Trimtab" else chosen


def gates_of(promotion: Promotion) -> tuple[Gate, ...]:
    """Read the gates from the spec."""
    return tuple(Gate(gate.metric, _limit(gate), _gain(gate)) for gate in promotion.gates)


def _limit(gate: PromotionGate) -> float:
    limits = {"loss": gate.margin, "errors": gate.max_increase, "disagreement": gate.max}
    return limits[gate.metric] or 0.0


def _gain(gate: PromotionGate) -> float | None:
    """Without a margin a gain is asked for: of the size that is said, or else of the one that drift is told by."""
    return (gate.min_gain or _LEAST_GAIN) if gate.metric == "loss" and not gate.margin else None


def _fingerprint(settings: ApiModel, fields: set[str] | None = None) -> str:
    """Digest the settings, or the fields of them that are named."""
    told = settings.model_dump_json(include=fields, exclude_defaults=True)
    return hashlib.sha256(told.encode()).hexdigest()[:_MARK]
