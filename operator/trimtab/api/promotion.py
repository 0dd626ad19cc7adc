"""How a candidate is compared with the champion on live traffic, and when it takes over."""

from typing import Literal

from pydantic import ConfigDict, Field

from trimtab.api.common import ApiModel, OpenShare, PositiveDuration, Reported, Share
from trimtab.api.rules import Rule, list_map, rules


class Shadow(ApiModel):
    """How a candidate sees live traffic."""

    percent: int = Field(
        default=100, ge=1, le=100, description="Percentage of the requests that the candidate is sent as well."
    )
    timeout: PositiveDuration = Field(
        default="2s", description="Longest time that the candidate may take; later answers are dropped and counted."
    )
    max_queue: int = Field(
        default=1024,
        ge=1,
        le=65536,
        description="Largest number of requests that wait for the candidate; more are dropped and counted.",
    )


def _only(metric: str, field: str, example: str) -> Rule:
    return Rule(
        f"(self.metric == '{metric}') == has(self.{field})",
        f"gates: {field} belongs to metric {metric}, which needs it: e.g. {{metric: {metric}, {field}: {example}}}",
    )


class PromotionGate(ApiModel):
    """A comparison of candidate and champion on the same requests, that may be looked at at any time."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            _only("loss", "margin", "0.0"),
            _only("disagreement", "max", "0.2"),
            _only("errors", "maxIncrease", "0.001"),
            Rule(
                "!has(self.minGain) || (has(self.margin) && self.margin == 0.0)",
                "gates: minGain asks for a gain, and a margin above 0 asks for none: leave one of them out",
            ),
        )
    )
    metric: Literal["loss", "errors", "disagreement"] = Field(
        description="loss needs labels; errors and disagreement do not."
    )
    margin: float | None = Field(
        default=None,
        ge=0,
        description=(
            "loss: increase that still counts as equal, in nats per row. Where a block is declared, a block counts "
            "for 0.1 nats at most either way, or twice the margin or minGain if that is more."
        ),
    )
    min_gain: float | None = Field(
        default=None,
        gt=0,
        description=(
            "loss with margin 0: a candidate that is shown to gain less, in nats per row, is refused as equal, long "
            "before the deadline; default 0.02."
        ),
    )
    max: Share | None = Field(default=None, description="disagreement: largest share of rows with different labels.")
    max_increase: Share | None = Field(default=None, description="errors: largest increase of the error rate.")


def _default_gates() -> list[PromotionGate]:
    return [PromotionGate(metric="errors", max_increase=0.001), PromotionGate(metric="loss", margin=0.0)]


class Promotion(ApiModel):
    """When a candidate takes over."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule("size(self.gates) > 0", "promotion.gates must not be empty: leave it out for errors and loss")
        )
    )
    gates: list[PromotionGate] = Field(
        default_factory=_default_gates,
        max_length=8,
        description="Every gate must pass.",
        json_schema_extra=list_map("metric"),
    )
    min_requests: int = Field(default=1000, ge=1, le=100000000, description="Rows compared before a verdict.")
    on_no_data: Literal["Wait", "Fail"] = Field(
        default="Fail",
        description=(
            "At the end of a comparison without enough evidence (too few rows, or no labels where a gate needs them). "
            "Fail: the candidate is rejected in this service, the champion stays. Wait: the comparison goes on until "
            "there is enough; drift starts no run meanwhile."
        ),
    )
    deadline: PositiveDuration = Field(
        default="7d",
        description=(
            "Longest comparison; when it is over, the version with the better estimate becomes champion. Also the "
            "longest time that a candidate may take before it first answers; after that, onNoData decides."
        ),
    )
    max_windows: int | None = Field(
        default=None,
        ge=1,
        le=100000,
        description=(
            "Largest number of closed windows (labelled ones where a gate needs labels) in a comparison; after that, "
            "the version with the better estimate becomes champion, as at the deadline. Whichever comes first."
        ),
    )
    error_rate: OpenShare = Field(
        default=0.05,
        description=(
            "Probability that a candidate is refused wrongly, or let pass wrongly by loss, over the whole comparison. "
            "errors and disagreement are guards: what is just beyond their limit may pass them."
        ),
    )


class GateState(Reported):
    """What a promotion gate sees now."""

    metric: str = Field(max_length=64, description="Metric compared.")
    verdict: Literal["Pass", "Fail", "Futile", "Inconclusive"] = Field(
        description="What the evidence says so far; Futile: equal, and no gain is to be expected."
    )
    estimate: float | None = Field(
        default=None, description="Candidate minus champion: loss in nats per row, errors and disagreement as shares."
    )
    low: float | None = Field(
        default=None, description="Lower end of the confidence interval, which is valid at any time."
    )
    high: float | None = Field(default=None, description="Upper end of the confidence interval.")
