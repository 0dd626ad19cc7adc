"""Words shared by all kinds: the API's base models, durations, references to files and conditions."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from trimtab.api.rules import Hint, Rule

GROUP = "trimtab.dev"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"

DURATION_PATTERN = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d|w))+$"
SEMVER_PATTERN = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"
DIGEST_PATTERN = r"^sha256:[0-9a-f]{64}$"
NAME_PATTERN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
COLUMN_PATTERN = r"^[A-Za-z_][A-Za-z0-9_.-]*$"
_FOR_EVER = timedelta(days=200 * 365)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}

Duration = Annotated[
    str,
    Field(pattern=DURATION_PATTERN, max_length=32),
    Hint("must be a duration: a number and a unit (ms, s, m, h, d, w), e.g. 90d, 1h30m or 500ms"),
]
PositiveDuration = Annotated[Duration, Rule("self.matches('[1-9]')", "must be longer than zero, e.g. 1d")]
Semver = Annotated[
    str,
    Field(pattern=SEMVER_PATTERN, max_length=32),
    Hint("must be a semantic version of three numbers without a leading v, e.g. 1.4.2"),
]
Digest = Annotated[
    str,
    Field(pattern=DIGEST_PATTERN, max_length=71),
    Hint("must be sha256: and 64 lower-case hexadecimal digits, as sha256sum prints them"),
]
ModelName = Annotated[
    str,
    Field(pattern=NAME_PATTERN, min_length=1, max_length=40),
    Hint("must be lower-case letters, digits and '-', e.g. flight-delay: it becomes part of object names"),
]
Column = Annotated[
    str,
    Field(pattern=COLUMN_PATTERN, min_length=1, max_length=128),
    Hint("must be a column name that starts with a letter or _, without spaces, e.g. dep_hour: rename it in the data"),
]
Share = Annotated[
    float,
    Field(ge=0, le=1),
    Rule("self >= 0.0 && self <= 1.0", "must lie between 0 and 1: 0.2 for 20 %"),
]
OpenShare = Annotated[
    float,
    Field(gt=0, lt=1),
    Rule("self > 0.0 && self < 1.0", "must lie between 0 and 1, neither included: 0.2 for 20 %"),
]


class ApiModel(BaseModel):
    """Base of everything in the API: camelCase on the wire, unknown fields refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    def wire(self) -> dict:  # type: ignore[type-arg]  # JSON object, checked by the API server
        """Return the object as it stands in Kubernetes: camelCase, unset fields left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Reported(ApiModel):
    """Base of what operator and runs report: what a newer version wrote there is passed over, not refused."""

    model_config = ConfigDict(extra="ignore")


def parse_duration(text: str) -> timedelta:
    """Read `90d`, `1h30m`, `8400ms`; what is longer than 200 years is 200 years, or dates could not hold it.

    Raises:
        ValueError: the text is not a duration.

    """
    if not re.fullmatch(DURATION_PATTERN, text):
        msg = f"{text!r} is not a duration such as 90d, 1h30m or 500ms"
        raise ValueError(msg)
    parts = re.findall(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d|w)", text)
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    return timedelta(seconds=min(seconds, _FOR_EVER.total_seconds()))


class Condition(Reported):
    """One fact about an object, in the form of metav1.Condition. True is good."""

    type: str = Field(max_length=64, description="Name of the condition: a fact, and True is good.")
    status: Literal["True", "False", "Unknown"] = Field(description="Whether the fact holds.")
    reason: str = Field(max_length=64, description="One word from the documented table of reasons.")
    message: str = Field(default="", max_length=300, description="What happened and what to do next.")
    observed_generation: int = Field(default=0, ge=0, description="Generation of the spec that this is about.")
    last_transition_time: datetime = Field(description="When the status last changed.")
