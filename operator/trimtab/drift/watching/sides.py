"""What is claimed on each side of a version, made from its profile and the settings.

The false-alarm rate holds over the life of the version: a half each for inputs and outcomes, the whole where only one
of them is watched. Of each, a twentieth is for truths so far from the reference that they are left out
(`betting/truths.py`). The capital is shared equally among features, the predictions and the waves together being a
feature each; within a feature a third is for the share missing, and the rest is shared equally among what can be
refuted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from trimtab.drift.betting.bet import Array
from trimtab.drift.betting.claim import Claim
from trimtab.drift.betting.truths import ladder
from trimtab.drift.betting.wealth import Terms
from trimtab.drift.reference.layout import Layout
from trimtab.drift.reference.profile import CONCEPT_QUANTITIES, PREDICTION, Profile
from trimtab.drift.sums import MOST_LOSS
from trimtab.drift.watching.effects import distance
from trimtab.drift.watching.track import Side

JOINT = "(joint)"
_OF_MISSING = 1 / 3
_OF_TRUTHS = 0.05
LOG_EXCESS = float(np.log(10))
"""All wealth together is worth ten times the threshold at most."""


@dataclass(frozen=True)
class WatchSettings:
    """What is watched, and how sure an alarm is. A tolerance of None leaves that side unwatched."""

    false_alarm_rate: float = 0.01
    data_tolerance: float | None = 0.1
    feature_tolerances: dict[str, float] = field(default_factory=dict)
    """Tolerances of single features, by name, where they are not `data_tolerance`."""
    loss_tolerance: float = 0.02
    calibration_tolerance: float = 0.02
    watch_concept: bool = True
    detector: str = ""
    """The detector of others that tests the inputs (`tested.py`) in place of the claim about shares."""
    min_rows: int = 50
    """Windows with fewer rows are not judged."""
    min_windows: int = 2
    """Verdicts before so many windows are Unknown."""


def data_side(profile: Profile, settings: WatchSettings) -> Side | None:
    """The claim about the inputs: no share is further from the reference than the tolerance."""
    if settings.data_tolerance is None or not profile.features:
        return None
    layout = profile.layout
    rate = rate_of_data(profile, settings)
    tolerance = tolerances(layout, settings.data_tolerance, settings.feature_tolerances)
    levels = ladder(layout.size, rate * _OF_TRUTHS)
    none, all_ = np.zeros(layout.size), np.ones(layout.size)
    claim = profile.inputs.claim(tolerance, levels, (none, all_))
    prior = shared_prior(layout, claim)
    if not prior.any():
        return None
    threshold = _log_threshold(rate)
    return Side(
        drift="DataDrift",
        terms=Terms(claim, prior, threshold + LOG_EXCESS),
        mean=profile.inputs.mean,
        tolerance=tolerance,
        subjects=tuple(np.array([*(f.name for f in layout.features), JOINT], dtype=object)[layout.owner]),
        quantities=quantities_of(profile),
        log_threshold=threshold,
        min_windows=settings.min_windows,
        distances=_distances(profile),
    )


def rate_of_data(profile: Profile, settings: WatchSettings) -> float:
    """The part of the false-alarm rate that is for the inputs."""
    return settings.false_alarm_rate / (2 if _concept_watched(profile, settings) else 1)


def tolerances(layout: Layout, default: float, of: Mapping[str, float]) -> Array:
    """What is not worth acting on, shape (K,); a wave is moved by both of its features, and may be by both."""
    of_feature = np.array([of.get(feature.name, default) for feature in layout.features])
    waves = of_feature[layout.waves.pairs].sum(axis=0) if layout.waves else np.empty(0)
    result: Array = np.concatenate([of_feature[layout.owner[: layout.starts[-1]]], waves])
    return result


def shared_prior(layout: Layout, claim: Claim) -> Array:
    """Share the capital, shape (K, 2)."""
    refutable = claim.refutable
    weight = np.ones(layout.size)
    for at, feature in enumerate(layout.features):
        missing, others = layout.missing[at], slice(layout.starts[at], layout.missing[at])
        able = max(float(refutable[others].sum()), 1.0)
        weight[missing] = _OF_MISSING / (1 - _OF_MISSING) * able / 2 if feature.name != PREDICTION else 0.0
    prior = refutable * weight[:, None]
    of_owner = np.bincount(layout.owner, prior.sum(axis=1))
    shares: Array = (
        prior / np.maximum(of_owner, 1e-300)[layout.owner][:, None] / max(int(np.count_nonzero(of_owner)), 1)
    )
    return shares


def quantities_of(profile: Profile) -> tuple[str, ...]:
    """What each quantity is, in words."""
    shares = [quantity for feature in profile.layout.features for quantity in feature.quantities]
    waves = profile.waves.pairs.T.tolist() if profile.waves else []
    return (*shares, *(f"{profile.features[i].name} × {profile.features[j].name}" for i, j in waves))


def concept_side(profile: Profile, settings: WatchSettings) -> Side | None:
    """The claim about the outcomes: the loss is no higher, the calibration gap neither higher nor lower."""
    if profile.outcomes is None or not _concept_watched(profile, settings):
        return None
    rate = settings.false_alarm_rate / (1 if settings.data_tolerance is None else 2)
    tolerance = np.array([settings.loss_tolerance, settings.calibration_tolerance])
    levels = ladder(tolerance.size, rate * _OF_TRUTHS)
    claim = profile.outcomes.claim(tolerance, levels, (np.array([0.0, -1.0]), np.array([MOST_LOSS, 1.0])))
    prior = np.array([[1 / 2, 0], [1 / 4, 1 / 4]]) * claim.refutable
    if not prior.any():
        return None
    threshold = _log_threshold(rate)
    return Side(
        drift="ConceptDrift",
        terms=Terms(claim, prior, threshold + LOG_EXCESS),
        mean=profile.outcomes.mean,
        tolerance=tolerance,
        subjects=CONCEPT_QUANTITIES,
        quantities=CONCEPT_QUANTITIES,
        log_threshold=threshold,
        min_windows=settings.min_windows,
    )


def _concept_watched(profile: Profile, settings: WatchSettings) -> bool:
    return settings.watch_concept and profile.outcomes is not None


def _log_threshold(rate: float) -> float:
    return float(-np.log(rate * (1 - _OF_TRUTHS)))


def _distances(profile: Profile) -> Callable[[Array], dict[str, float]]:
    layout, reference = profile.layout, profile.inputs.mean

    def measured(live: Array) -> dict[str, float]:
        spans = [slice(start, end) for start, end in zip(layout.starts[:-1], layout.starts[1:], strict=True)]
        return {
            feature.name: distance(feature, reference[span], live[span])
            for feature, span in zip(layout.features, spans, strict=True)
        }

    return measured
