"""Conditions and reasons that carry their own documentation, so that table and enum cannot part."""

from enum import StrEnum
from typing import Literal, Self

Status = Literal["True", "False", "Unknown"]


class DocumentedCondition(StrEnum):
    """A condition type and the fact it states when it is true."""

    fact: str

    def __new__(cls, value: str, fact: str) -> Self:
        """Keep the fact beside the name."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.fact = fact
        return member


class DocumentedReason(StrEnum):
    """A reason: the conditions it may stand on, their status then, when it is set, and what the user should do."""

    on: tuple[str, ...]
    status: Status
    when: str
    do: str

    def __new__(cls, value: str, on: tuple[str, ...], status: Status, when: str, do: str = "Nothing.") -> Self:
        """Keep the documentation beside the word."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.on, member.status, member.when, member.do = on, status, when, do
        return member
