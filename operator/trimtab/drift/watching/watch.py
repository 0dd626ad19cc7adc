"""Whether the world is still the one a version was trained for.

Each closed window is an observation of every watched share, each closed labelled window one of loss and calibration.
They are tested against the profile's promise (`sides.py`), for every truth that the reference leaves possible
(`betting/truths.py`), by gamblers who may enter at any window (`betting/wealth.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from trimtab.drift.betting.bet import Json
from trimtab.drift.reference.profile import Profile, outcome_sums
from trimtab.drift.sums import LabelSums
from trimtab.drift.watching.counts import WindowCounts
from trimtab.drift.watching.sides import WatchSettings, concept_side, data_side
from trimtab.drift.watching.tested import tested_side, told
from trimtab.drift.watching.track import Kind, Side, Track, Verdict

STATE = 2
"""Format of the evidence; that of another release is not gone on from."""
_GRAVITY: dict[Kind, int] = {"ConceptDrift": 3, "DataDrift": 2, "Stable": 1, "Unknown": 0}


@dataclass(frozen=True)
class Watch:
    """The watch over one version. Folding returns a new watch; nothing is changed in place."""

    profile: Profile
    settings: WatchSettings
    sides: tuple[Side | None, Side | None]
    """The claims about inputs and outcomes; None where nothing can be said, or is not to be watched."""
    data: Track | None
    concept: Track | None

    @classmethod
    def start(cls, profile: Profile, settings: WatchSettings) -> Self:
        """Begin to watch a version."""
        data = tested_side(profile, settings) if settings.detector else data_side(profile, settings)
        concept = concept_side(profile, settings)
        return cls(profile, settings, (data, concept), *map(_begun, (data, concept)))

    def fold_data(self, window: str, counts: WindowCounts) -> tuple[Self, Verdict]:
        """Add a closed window's rows; windows must come in order, each once. Left to a detector if one is chosen."""
        side = self.sides[0]
        if self.settings.detector or side is None or self.data is None or counts.rows < self.settings.min_rows:
            return self, self.data_verdict
        seen = self.profile.layout.observe(counts.rows, counts.counts)
        watch = replace(self, data=self.data.fold(side, window, seen))
        return watch, watch.data_verdict

    def fold_tested(self, window: str, p_values: Sequence[float]) -> Self:
        """Add what a detector says of a closed window, one p-value of each subject; where one was chosen."""
        side = self.sides[0]
        if side is None or self.data is None:
            return self
        return replace(self, data=self.data.fold(side, window, told(p_values)))

    def fold_labels(self, window: str, sums: LabelSums) -> tuple[Self, Verdict]:
        """Add a closed window's labelled rows; windows must come in order, each once."""
        side = self.sides[1]
        if side is None or self.concept is None or sums.rows < self.settings.min_rows:
            return self, self.concept_verdict
        watch = replace(self, concept=self.concept.fold(side, window, outcome_sums(sums)))
        return watch, watch.concept_verdict

    @property
    def data_verdict(self) -> Verdict:
        return _verdict(self.data, self.sides[0])

    @property
    def concept_verdict(self) -> Verdict:
        return _verdict(self.concept, self.sides[1])

    @property
    def verdicts(self) -> tuple[Verdict, Verdict]:
        """Both, the graver first: concept drift, then data drift, then the side that knows something."""
        both = (self.concept_verdict, self.data_verdict)
        one, other = sorted(both, key=lambda verdict: _GRAVITY[verdict.kind], reverse=True)
        return one, other

    @property
    def verdict(self) -> Verdict:
        """The graver of the two."""
        return self.verdicts[0]

    def to_json(self) -> Json:
        """Return the evidence as plain JSON values; profile and settings are not in it."""
        data, concept = (track and track.to_json() for track in (self.data, self.concept))
        return {"format": STATE, "data": data, "concept": concept}

    @classmethod
    def from_json(cls, profile: Profile, settings: WatchSettings, state: Json) -> Self:
        """Go on from what `to_json` wrote, with the same profile and settings; begin anew from an older release's."""
        fresh = cls.start(profile, settings)
        if state.get("format") != STATE:
            return fresh
        return replace(fresh, data=_track(state["data"]), concept=_track(state["concept"]))


def _verdict(track: Track | None, side: Side | None) -> Verdict:
    return track.verdict(side) if track and side else Verdict()


def _begun(side: Side | None) -> Track | None:
    return Track.start(side) if side else None


def _track(state: object) -> Track | None:
    return Track.from_json(state) if isinstance(state, dict) else None
