"""Conditions: facts said now, settled against what was said before so that times move only on change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trimtab.api.common import Condition
from trimtab.api.reasons import Status

MESSAGE_LENGTH = 300
ABNORMAL = ("Reconciling", "Stalled")  # kstatus's own two: there only while they are true


@dataclass(frozen=True)
class Fact:
    """A condition as a decision says it: without time and generation."""

    type: str
    status: Status
    reason: str
    message: str = ""


def settle(before: Sequence[Condition], facts: Iterable[Fact], generation: int, now: datetime) -> list[Condition]:
    """The conditions to write: `facts` in their order, each with the time at which its status last changed.

    kstatus's own two are true from begin to end; with them it is the reason that changes, so their time is its time.
    """
    known = {condition.type: condition for condition in before}
    return [_settled(known.get(fact.type), fact, generation, now) for fact in facts]


def _settled(before: Condition | None, fact: Fact, generation: int, now: datetime) -> Condition:
    unchanged = before is not None and before.status == fact.status
    if before is not None and fact.type in ABNORMAL:
        unchanged = before.reason == fact.reason
    return Condition(
        type=fact.type,
        status=fact.status,
        reason=fact.reason,
        message=fact.message[:MESSAGE_LENGTH],
        observed_generation=generation,
        last_transition_time=before.last_transition_time if before and unchanged else now,
    )


def find(conditions: Sequence[Condition], type_: str) -> Condition | None:
    """The condition of that type, if it was ever said."""
    return next((condition for condition in conditions if condition.type == type_), None)


def is_true(conditions: Sequence[Condition], type_: str) -> bool:
    """Whether the condition is there and True."""
    condition = find(conditions, type_)
    return condition is not None and condition.status == "True"


def as_facts(conditions: Sequence[Condition]) -> list[Fact]:
    """What was said before, to be said again."""
    return [Fact(c.type, c.status, c.reason, c.message) for c in conditions]


def changed(before: Sequence[Condition], after: Sequence[Condition]) -> list[Condition]:
    """The conditions of `after` that came to be True or False since `before`."""
    known = {condition.type: condition for condition in before}
    return [c for c in after if c.status != "Unknown" and (c.type not in known or known[c.type].status != c.status)]
