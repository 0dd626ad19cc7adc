"""The taints of its nodes that a pool's pods bear, by Kubernetes' own rules: a pod that breaks them is never made."""

from typing import Any, Literal

from pydantic import ConfigDict, JsonValue, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from trimtab.api.common import ApiModel

_FOR_HELM: list[JsonValue] = [
    {
        "if": {"properties": {"operator": {"const": "Exists"}}, "required": ["operator"]},
        "then": {"properties": {"value": {"maxLength": 0}}},
    },
    {
        "if": {"required": ["key"]},
        "else": {"properties": {"operator": {"const": "Exists"}, "value": {"maxLength": 0}}},
    },
    {
        "if": {"required": ["tolerationSeconds"]},
        "then": {"properties": {"effect": {"const": "NoExecute"}}, "required": ["effect"]},
    },
]
"""The same rules in the chart's schema."""


class Toleration(ApiModel):
    """A taint of the pool's nodes that a pod bears; without operator: Equal if a value is given, else Exists."""

    model_config = ConfigDict(json_schema_extra={"allOf": _FOR_HELM})

    key: str | None = None
    operator: Literal["Exists", "Equal"] | None = None
    value: str | None = None
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    toleration_seconds: int | None = None

    @field_validator("operator")
    @classmethod
    def _has_a_key(cls, operator: str | None, info: ValidationInfo) -> str | None:
        if operator == "Equal" and not info.data.get("key"):
            raise _wrong("Equal needs a key: name the taint's, or set operator to Exists")
        return operator

    @field_validator("value")
    @classmethod
    def _is_compared(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and info.data.get("operator") == "Exists":
            raise _wrong("must be left out where operator is Exists: leave it out, or set operator to Equal")
        if value and not info.data.get("key"):
            raise _wrong("needs a key: name the taint's")
        return value

    @field_validator("toleration_seconds")
    @classmethod
    def _is_about_eviction(cls, seconds: int | None, info: ValidationInfo) -> int | None:
        if seconds is not None and info.data.get("effect") != "NoExecute":
            raise _wrong("needs effect NoExecute: set it, or leave tolerationSeconds out")
        return seconds

    def borne(self) -> dict[str, Any]:
        """As a PodSpec has it."""
        operator = self.operator or ("Equal" if self.key and self.value is not None else "Exists")
        return self.model_copy(update={"operator": operator}).wire()


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("toleration", message)
