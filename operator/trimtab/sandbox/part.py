"""A part of the sandbox, as data: what to run, how to see that it is well, and what has to be well before it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Probe:
    """A part is well when this address answers 200."""

    url: str
    authority: Path | None = None  # the CA that signed an https address
    token_file: Path | None = None  # holds the bearer token to send


@dataclass(frozen=True)
class Part:
    """One long-running process."""

    name: str
    command: tuple[str, ...]
    probes: tuple[Probe, ...]  # it is well when all of them are
    after: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    patience: float = 60.0  # seconds it may take to become well
    attempts: int = 1  # how often it is started before its failure is the sandbox's


@dataclass(frozen=True)
class Step:
    """Something done once on the way up; it must be harmless to do again."""

    name: str
    run: Callable[[], Awaitable[None]]
    after: tuple[str, ...] = ()
