"""The rule that is replayed: what the example's own manifests say, read by the product's own code."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from trimtab.api.common import parse_duration
from trimtab.api.inferenceservice import InferenceServiceSpec, Retraining
from trimtab.api.trainingrun import TrainingRunSpec
from trimtab.drift import Gate, WatchSettings
from trimtab.serving.evidence import gates_of, watch_settings

MANIFESTS = Path(__file__).resolve().parents[2] / "examples" / "flights" / "manifests"


@dataclass(frozen=True)
class Settings:
    """The two specs, and what the replay asks of them."""

    training: TrainingRunSpec
    service: InferenceServiceSpec
    training_days: int = 1
    """From the alarm to the first day of the candidate's shadow."""

    @classmethod
    def of_manifests(cls) -> Self:
        return cls(TrainingRunSpec(**_spec("trainingrun")), InferenceServiceSpec(**_spec("inferenceservice")))

    @property
    def watch(self) -> WatchSettings:
        return watch_settings(self.service.monitoring)

    @property
    def gates(self) -> tuple[Gate, ...]:
        return gates_of(self.service.promotion)

    @property
    def most_windows(self) -> int:
        found = self.service.promotion.max_windows
        assert found is not None  # noqa: S101  # the manifest has it
        return found

    @property
    def retraining(self) -> Retraining:
        assert self.service.retraining is not None  # noqa: S101  # the manifest has it
        return self.service.retraining

    def wire(self) -> dict[str, Any]:
        """Plain JSON values, beside the results."""
        return {"training": self.training.wire(), "service": self.service.wire(), "trainingDays": self.training_days}


def days(duration: str) -> int:
    """Whole days of a duration."""
    return parse_duration(duration).days


def _spec(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = yaml.safe_load((MANIFESTS / f"{name}.yaml").read_text())["spec"]
    return spec
