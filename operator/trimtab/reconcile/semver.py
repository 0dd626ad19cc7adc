"""Semantic versions and the ranges of npm and Flux: `*`, `1`, `1.2`, `1.2.3`, `^1.2`, `~1.2`."""

import re
from typing import NamedTuple

from trimtab.api.common import SEMVER_PATTERN


class Version(NamedTuple):
    """A version; compares as versions do."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Read `1.2.3`; the API's pattern has been checked before."""
        major, minor, patch = (int(part) for part in text.split("."))
        return cls(major, minor, patch)

    @classmethod
    def found_in(cls, text: str | None) -> "Version | None":
        """Read what may be no version at all."""
        return cls.parse(text) if text is not None and re.fullmatch(SEMVER_PATTERN, text) else None

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def raised(self, part: str) -> "Version":
        """The next version after a Major, Minor or Patch change."""
        if part == "Major":
            return Version(self.major + 1, 0, 0)
        if part == "Minor":
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)

    def shares(self, other: "Version", part: str) -> bool:
        """Whether both have in common what a change of that part leaves as it is."""
        kept = {"Major": 0, "Minor": 1}.get(part, 2)
        return self[:kept] == other[:kept]


FIRST = Version(1, 0, 0)


def contains(range_: str, version: str) -> bool:
    """Whether the version lies in the range."""
    if range_ == "*":
        return True
    low, high = _bounds(range_)
    return low <= Version.parse(version) < high


def _bounds(range_: str) -> tuple[Version, Version]:
    """The least version inside and the least one above."""
    sign, digits = (range_[0], range_[1:]) if range_[0] in "^~" else ("", range_)
    given = [int(part) for part in digits.split(".")]
    low = Version(*[*given, 0, 0][:3])
    fixed = _fixed_parts(sign, given)
    high = [*given[: fixed - 1], given[fixed - 1] + 1, 0, 0]
    return low, Version(*high[:3])


def _fixed_parts(sign: str, given: list[int]) -> int:
    """How many leading parts may not change."""
    if sign == "~":
        return min(len(given), 2)
    if sign == "^":
        nonzero = [place for place, part in enumerate(given, start=1) if part]
        return nonzero[0] if nonzero else len(given)
    return len(given)


def highest(versions: list[str]) -> str | None:
    """The newest of the versions by number."""
    return max(versions, key=Version.parse, default=None)
