"""Whether the world is still the one a version was trained for.

Each closed window is one observation of every watched share, each closed labelled window one of loss and calibration.
They are tested against the profile's promise, widened by the tolerance (what is not worth acting on) and by the
profile's own error, by the gamblers of `bet.py`; the evidence of features is averaged. The false-alarm rate holds over
the life of the version: a half each for inputs and outcomes, and of each half one half for the reference being off by
more than it says and one for the bets.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from trimtab.drift.bet import Array, Json, Null, Wealth
from trimtab.drift.counts import WindowCounts
from trimtab.drift.features import Integers
from trimtab.drift.profile import CONCEPT_QUANTITIES, Profile, outcome_values
from trimtab.drift.reference import Reference
from trimtab.drift.sums import LabelSums
from trimtab.drift.track import Kind, Side, Track, Verdict

_PARTS = 4
_GRAVITY: dict[Kind, int] = {"ConceptDrift": 3, "DataDrift": 2, "Stable": 1, "Unknown": 0}


@dataclass(frozen=True)
class WatchSettings:
    """What is watched, and how sure an alarm is. A tolerance of None leaves that side unwatched."""

    false_alarm_rate: float = 0.01
    data_tolerance: float | None = 0.1
    loss_tolerance: float = 0.02
    calibration_tolerance: float = 0.02
    watch_concept: bool = True
    min_rows: int = 50
    """Windows with fewer rows are not judged."""
    min_windows: int = 2
    """Verdicts before so many windows are Unknown."""


@dataclass(frozen=True)
class Watch:
    """The watch over one version. Folding returns a new watch; nothing is changed in place."""

    profile: Profile
    settings: WatchSettings
    data: Track
    concept: Track

    @classmethod
    def start(cls, profile: Profile, settings: WatchSettings) -> Self:
        """Begin to watch a version."""
        inputs, outcomes = profile.layout.owner.size, len(CONCEPT_QUANTITIES)
        return cls(profile, settings, Track(Wealth.none(inputs)), Track(Wealth.none(outcomes)))

    def fold_data(self, window: str, counts: WindowCounts) -> tuple[Self, Verdict]:
        """Add a closed window's rows; windows must come in order, each once."""
        side = self._data_side
        if side is None or counts.rows < self.settings.min_rows:
            return self, self.data_verdict
        shares = self.profile.layout.shares(counts.rows, counts.counts)
        watch = replace(self, data=self.data.fold(side, window, shares))
        return watch, watch.data_verdict

    def fold_labels(self, window: str, sums: LabelSums) -> tuple[Self, Verdict]:
        """Add a closed window's labelled rows; windows must come in order, each once."""
        side = self._concept_side
        if side is None or sums.rows < self.settings.min_rows:
            return self, self.concept_verdict
        watch = replace(self, concept=self.concept.fold(side, window, outcome_values(sums)))
        return watch, watch.concept_verdict

    @property
    def data_verdict(self) -> Verdict:
        return self.data.verdict(self._data_side)

    @property
    def concept_verdict(self) -> Verdict:
        return self.concept.verdict(self._concept_side)

    @property
    def verdict(self) -> Verdict:
        """The graver of the two: concept drift, then data drift, then the side that knows something."""
        return max(self.concept_verdict, self.data_verdict, key=lambda verdict: _GRAVITY[verdict.kind])

    def to_json(self) -> Json:
        """Return the evidence as plain JSON values; profile and settings are not in it."""
        return {"data": self.data.to_json(), "concept": self.concept.to_json()}

    @classmethod
    def from_json(cls, profile: Profile, settings: WatchSettings, state: Json) -> Self:
        """Go on from what `to_json` wrote, with the same profile and settings."""
        data, concept = (Track.from_json(state[key]) for key in ("data", "concept"))  # type: ignore[arg-type]
        return cls(profile, settings, data, concept)

    @cached_property
    def _data_side(self) -> Side | None:
        return data_side(self.profile, self.settings)

    @cached_property
    def _concept_side(self) -> Side | None:
        return concept_side(self.profile, self.settings)


def data_side(profile: Profile, settings: WatchSettings) -> Side | None:
    """The claim about the inputs: no share is further from the reference than the tolerance."""
    if settings.data_tolerance is None or not profile.features:
        return None
    reference, owner = profile.inputs, profile.layout.owner
    none, all_ = np.zeros(owner.size), np.ones(owner.size)
    null = reference.null(all_ * settings.data_tolerance, settings.false_alarm_rate / _PARTS, (none, all_))
    names = [(feature.name, quantity) for feature in profile.features for quantity in feature.quantities]
    return _side("DataDrift", reference, replace(null, prior=shared_prior(null, owner)), names, settings)


def shared_prior(null: Null, owner: Integers) -> Array:
    """Share the capital, shape (K, 2): equally among features, within one among what a share can refute."""
    refutable = np.stack([null.high < 1, null.low > 0], axis=1).astype(np.float64)
    of_feature = np.bincount(owner, refutable.sum(axis=1))
    prior: Array = refutable / np.maximum(of_feature, 1)[owner][:, None] / max(int(np.count_nonzero(of_feature)), 1)
    return prior


def concept_side(profile: Profile, settings: WatchSettings) -> Side | None:
    """The claim about the outcomes: the loss is no higher, the calibration gap neither higher nor lower."""
    if profile.outcomes is None or not settings.watch_concept:
        return None
    tolerance = np.array([settings.loss_tolerance, settings.calibration_tolerance])
    bounds = np.array([0.0, -1.0]), np.array([np.inf, 1.0])
    null = profile.outcomes.null(tolerance, settings.false_alarm_rate / _PARTS, bounds)
    prior = np.array([[1 / 2, 0], [1 / 4, 1 / 4]])
    names = [(quantity, quantity) for quantity in CONCEPT_QUANTITIES]
    return _side("ConceptDrift", profile.outcomes, replace(null, prior=prior), names, settings)


def _side(drift: Kind, reference: Reference, null: Null, names: list[tuple[str, str]], settings: WatchSettings) -> Side:
    subjects, quantities = zip(*names, strict=True)
    log_threshold = float(-np.log(settings.false_alarm_rate / _PARTS))
    return Side(drift, reference, null, subjects, quantities, log_threshold, settings.min_windows)
