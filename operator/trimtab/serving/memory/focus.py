"""What the evidence is about now: the plan's champion and candidate, and how their evidence is weighed."""

from dataclasses import dataclass
from functools import cached_property

from trimtab.api.common import parse_duration
from trimtab.contract.serving import ServingPlan
from trimtab.drift import Judge, Profile, Watch, WatchSettings
from trimtab.serving.evidence import Keys, detector_of, gates_of, name_of, watch_settings
from trimtab.serving.memory.store import Store


@dataclass(frozen=True)
class Focus:
    """A plan, and the profile of its champion (None while it is not there)."""

    plan: ServingPlan
    profile: Profile | None

    @cached_property
    def stream(self) -> str:
        return Keys.of(self.plan).stream(self.plan.champion)

    @cached_property
    def pair(self) -> str | None:
        candidate = self.plan.candidate
        return Keys.of(self.plan).pair(self.plan.champion, name_of(candidate)) if candidate else None

    @property
    def keys(self) -> list[str]:
        """What its evidence is filed under."""
        return [key for key in (self.stream, self.pair) if key]

    @cached_property
    def settings(self) -> WatchSettings:
        return watch_settings(self.plan.monitoring)

    @property
    def unknown_features(self) -> list[str]:
        """What has a tolerance and is no feature of the profile; nothing while that is not there."""
        known = {feature.name for feature in self.profile.layout.features} if self.profile else None
        return [] if known is None else sorted(set(self.settings.feature_tolerances) - known)

    @property
    def uses_labels(self) -> bool:
        """Whether anything is weighed by labels: else no answer waits for them."""
        judged = self.plan.candidate is not None and any(gate.metric == "loss" for gate in self.plan.promotion.gates)
        return judged or self.plan.monitoring.concept is not None

    @property
    def label_delay(self) -> float | None:
        """Seconds for which a window waits for labels; None where labels of a later one end it."""
        concept = self.plan.monitoring.concept
        return parse_duration(concept.label_delay).total_seconds() if concept and concept.label_delay else None

    @property
    def detector(self) -> str:
        """The detector of others that tests the inputs; empty where trimtab does."""
        return detector_of(self.plan.monitoring)

    @property
    def blind(self) -> bool:
        """Whether the profile is still awaited; windows stay open until it is there."""
        return self.profile is None and self.plan.champion.profile is not None

    @property
    def block_seconds(self) -> float:
        """How long a block of the champion's training is."""
        return self.profile.block_seconds if self.profile else 0.0

    def watch(self, store: Store) -> Watch | None:
        """Go on with the champion's watch, or begin it; None without a profile."""
        if self.profile is None:
            return None
        settings, state = self.settings, store.evidence(self.stream)
        return Watch.from_json(self.profile, settings, state) if state else Watch.start(self.profile, settings)

    def judge(self, store: Store) -> Judge | None:
        """Go on with the candidate's judge, or begin it; None without a candidate."""
        if self.pair is None:
            return None
        promotion, state = self.plan.promotion, store.evidence(self.pair)
        terms = gates_of(promotion), promotion.error_rate, promotion.min_requests
        alone = self.profile is not None and self.profile.rows_stand_alone
        return Judge.from_json(*terms, state) if state else Judge.start(*terms, alone=alone)
