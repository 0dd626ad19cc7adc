"""How the operator names things: objects of ours, and pipeline runs."""

from dataclasses import dataclass
from typing import Any

KubeObject = dict[str, Any]


@dataclass(frozen=True)
class Key:
    """Names one object of ours."""

    kind: str
    namespace: str
    name: str

    @classmethod
    def of(cls, obj: KubeObject) -> "Key":
        """The key of an object as the API server gives it."""
        return cls(obj["kind"], obj["metadata"]["namespace"], obj["metadata"]["name"])


@dataclass(frozen=True)
class RunKey:
    """Names one pipeline run: a function of the TrainingRun and its attempt, so a repeated start is the same run."""

    namespace: str
    name: str
