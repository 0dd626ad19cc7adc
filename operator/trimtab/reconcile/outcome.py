"""What a decision is made of: effects on the world, the status to write, events to tell, when to look again.

Effects come before the status, in order. Each may be repeated without harm, for a pass may die after any of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, Literal, TypeVar

from trimtab.api.common import ApiModel
from trimtab.contract.run import RunRequest
from trimtab.contract.serving import ServingPlan
from trimtab.keys import Key, KubeObject, RunKey

SOON = timedelta(milliseconds=50)
System = Literal["cluster", "pipelines", "serving", "registry", "artifacts"]
S = TypeVar("S", bound=ApiModel)


@dataclass(frozen=True)
class StartRun:
    """Start a pipeline run."""

    key: RunKey
    request: RunRequest


@dataclass(frozen=True)
class CancelRun:
    """Stop a pipeline run."""

    key: RunKey


@dataclass(frozen=True)
class PutPlan:
    """Bring what is served to the plan."""

    plan: ServingPlan


@dataclass(frozen=True)
class RemoveService:
    """Take an application away."""

    namespace: str
    name: str


@dataclass(frozen=True)
class Create:
    """Create an object; one of that name that exists already stays as it is."""

    obj: KubeObject


@dataclass(frozen=True)
class Apply:
    """Server-side apply."""

    obj: KubeObject


@dataclass(frozen=True)
class Delete:
    """Delete an object of ours."""

    key: Key
    uid: str


@dataclass(frozen=True)
class Release:
    """Leave an object only the finalizers it names: one restored from a backup has ours by whoever restored it."""

    obj: KubeObject


@dataclass(frozen=True)
class LabelVersion:
    """Write tags to a version in the registry."""

    model: str
    version: int
    tags: Mapping[str, str]


@dataclass(frozen=True)
class SetAlias:
    """Let an alias of the registry point at a version."""

    model: str
    alias: str
    version: int


@dataclass(frozen=True)
class DropAlias:
    """Take an alias away from a version."""

    model: str
    alias: str
    version: int


OfCluster = Create | Apply | Delete | Release
Effect = StartRun | CancelRun | PutPlan | RemoveService | OfCluster | LabelVersion | SetAlias | DropAlias


@dataclass(frozen=True)
class Event:
    """Something that has happened, for people."""

    kind: Literal["Normal", "Warning"]
    reason: str
    message: str


@dataclass(frozen=True)
class Trouble:
    """A system that failed while it was asked or told something."""

    system: System
    message: str
    reason: str = ""
    refused: bool = False  # it answered, and said no: asking again changes nothing
    told: bool = False  # it was told to do something, and did not


@dataclass(frozen=True)
class Decision(Generic[S]):
    """The whole outcome of a pass. `status` None: nothing is to be said (the object goes away)."""

    status: S | None = None
    effects: Sequence[Effect] = ()
    look_again: timedelta | None = None
