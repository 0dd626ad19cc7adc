"""One pass over one object: observe, decide, perform, write the status once, tell.

A pass knows nothing from the pass before. It may be killed after any line and begun again from the first.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from trimtab.api.common import ApiModel, Condition
from trimtab.api.inferenceservice import Decision as Told
from trimtab.api.reasons import ServiceReason
from trimtab.keys import Key, KubeObject
from trimtab.ports import World
from trimtab.reconcile import conditions, naming
from trimtab.reconcile.inferenceservice import decide as service_decide
from trimtab.reconcile.inferenceservice import seen as service_seen
from trimtab.reconcile.modelversion import decide as version_decide
from trimtab.reconcile.modelversion import seen as version_seen
from trimtab.reconcile.outcome import Decision, Event, OfCluster
from trimtab.reconcile.perform import perform
from trimtab.reconcile.reading import Head
from trimtab.reconcile.trainingrun import decide as training_decide
from trimtab.reconcile.trainingrun import seen as training_seen


@dataclass(frozen=True)
class Room:
    """What a kind brings: how it looks at the world, how it decides, and which conditions are news to people."""

    observe: Callable[[World, KubeObject], Awaitable[Any]]
    decide: Callable[[Any, datetime, timedelta], Decision[Any]]
    news: frozenset[str]


ROOMS: Mapping[str, Room] = {
    training_seen.KIND: Room(
        training_seen.observe,
        training_decide.decide,
        frozenset({"DataPinned", "DataValid", "Trained", "GatesPassed", "Registered", "Ready"}),
    ),
    version_seen.KIND: Room(version_seen.observe, version_decide.decide, frozenset({"ArtifactVerified", "Ready"})),
    service_seen.KIND: Room(
        service_seen.observe, service_decide.decide, frozenset({"Ready", "ShadowHealthy", "Stable", "Stalled"})
    ),
}


class _Told(Protocol):
    conditions: list[Condition]


async def run_pass(key: Key, world: World, poll: timedelta) -> timedelta | None:
    """Look at the object once and do what is to be done; returns when to look again, None for when it changes."""
    obj = await world.cluster.get(key)
    if obj is None:
        return None
    room = ROOMS[key.kind]
    seen = await room.observe(world, obj)
    decision = await _done(room, seen, world, poll)
    if decision.status is not None and _differs(obj, seen.status, decision.status):
        await world.cluster.apply_status(_status_of(key.kind, seen.head, decision.status))
        for event in _news(room, seen.status, decision.status):
            await world.recorder.record(obj, event.kind, event.reason, event.message)
    return decision.look_again


async def _done(room: Room, seen: Any, world: World, poll: timedelta) -> Decision[Any]:
    """Decide and do it; what fails meanwhile is seen by another decision, of which the part for the cluster is done."""
    decision = room.decide(seen, world.clock.now(), poll)
    effects = decision.effects
    while (trouble := await perform(effects, world)) is not None:
        seen = replace(seen, **{"refusal" if trouble.system == "cluster" else "trouble": trouble})
        decision = room.decide(seen, world.clock.now(), poll)
        effects = [effect for effect in decision.effects if isinstance(effect, OfCluster)]
    return decision


def _differs(obj: KubeObject, before: ApiModel, after: ApiModel) -> bool:
    return "status" not in obj or before.wire() != after.wire()


def _status_of(kind: str, head: Head, status: ApiModel) -> KubeObject:
    return {**naming.identity(kind, head), "status": status.wire()}


def _news(room: Room, before: _Told, after: _Told) -> Sequence[Event]:
    """The decisions that are new, and the conditions that came to be true or false."""
    known = getattr(before, "decisions", [])
    fresh = [told for told in getattr(after, "decisions", []) if told not in known]
    decided = [Event("Normal", told.action, _told(told)) for told in fresh]
    turned = conditions.changed(before.conditions, after.conditions)
    return [*decided, *(_event(c) for c in turned if c.type in room.news and _is_news(c, after))]


def _is_news(condition: Condition, after: _Told) -> bool:
    """What is merely under way is no news, nor that a candidate which is not there does well."""
    going = conditions.find(after.conditions, "Reconciling")
    under_way = going is not None and going.reason == condition.reason
    return not under_way and condition.reason != ServiceReason.NO_CANDIDATE


def _told(told: Told) -> str:
    return " ".join(part for part in (told.run or told.version, told.message) if part)


def _event(condition: Condition) -> Event:
    good = condition.status == "True" and condition.type not in conditions.ABNORMAL
    return Event("Normal" if good else "Warning", condition.reason, condition.message or f"{condition.type}")
