"""The data a TrainingRun learns from, and what it must be like."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from trimtab.api.common import ApiModel, Column, OpenShare, PositiveDuration, Share
from trimtab.api.rules import LIST_SET, Hint, Rule, list_map, rules

DataUri = Annotated[
    str,
    Field(pattern=r"^(file:///.+|s3://[a-z0-9][a-z0-9.-]*/.+)$", max_length=1024),
    Hint("must be s3://bucket/folder, or file:// and an absolute path, e.g. file:///data/flights"),
]
Revision = Annotated[
    str,
    Field(pattern=r"^(latest|sha256:[0-9a-f]{64})$", max_length=71),
    Hint("must be latest, or the sha256:… that status.data.revision of a former run shows"),
]
Value = Annotated[str, Field(max_length=256)]


class TimeWindow(ApiModel):
    """The part of the data that is read: the newest, or between two times. Needs `data.time`."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "has(self.last) != (has(self.from) || has(self.until))",
                "window needs last, or from and until (one of them is enough), but not both kinds: e.g. last: 90d",
            ),
            Rule(
                "!has(self.from) || !has(self.until) || self.from < self.until",
                "window.from must be before window.until: exchange them",
            ),
        )
    )
    last: PositiveDuration | None = Field(
        default=None,
        description="Read the rows of this most recent span of time, counted back from the newest row, e.g. 90d.",
    )
    from_: datetime | None = Field(default=None, alias="from", description="Read rows at or after this time.")
    until: datetime | None = Field(
        default=None,
        description="Read rows before this time. A run that drift starts leaves it out: it reads on to the newest row.",
    )


class Holdout(ApiModel):
    """The rows kept away from training, on which metrics and gates are computed."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "!self.refit || (self.fraction >= 0.1 && self.fraction <= 0.5)",
                "holdout.refit fits once for each part of the rows: set holdout.fraction between 0.1 and 0.5",
            ),
        )
    )
    by: Literal["Time", "Random"] = Field(
        default="Time",
        description="Time holds out the newest rows (needs data.time); Random draws them with trainer.seed.",
    )
    fraction: OpenShare = Field(default=0.2, description="Share of the rows held out.")
    refit: bool = Field(
        default=False,
        description=(
            "Evaluate by cross-validation (Random: each part in turn; Time: the newest part only), then refit on all "
            "rows and register that model."
        ),
    )


class Expectation(ApiModel):
    """What a column must be like before anything is trained on it."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "has(self.dtype) || has(self.min) || has(self.max) || has(self.maxMissing) || has(self.oneOf)",
                "expectation checks nothing: add dtype, min, max, maxMissing or oneOf",
            ),
            Rule(
                "!has(self.min) || !has(self.max) || self.min <= self.max",
                "expectation.min must not exceed expectation.max: exchange them",
            ),
            Rule(
                "!has(self.dtype) || self.dtype in ['int', 'float'] || !(has(self.min) || has(self.max))",
                "expectation.min and max compare numbers: set dtype to int or float, or use oneOf",
            ),
        )
    )
    column: Column = Field(description="Name of the column.")
    dtype: Literal["int", "float", "string", "bool", "timestamp"] | None = Field(
        default=None, description="Type the column must have."
    )
    min: float | None = Field(default=None, description="Smallest value allowed.")
    max: float | None = Field(default=None, description="Largest value allowed.")
    max_missing: Share | None = Field(default=None, description="Largest share of missing values allowed.")
    one_of: list[Value] | None = Field(default=None, min_length=1, max_length=256, description="Values allowed.")


class Data(ApiModel):
    """What the model learns from, pinned before anything starts."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule("has(self.time) || !has(self.window)", "data.window needs data.time: name the timestamp column"),
            Rule("has(self.time) || !has(self.block)", "data.block needs data.time: name the timestamp column"),
            Rule(
                "has(self.time) || self.holdout.by != 'Time'",
                "data.holdout.by Time needs data.time: name the timestamp column, or set data.holdout.by to Random",
            ),
            Rule(
                "has(self.time) || !self.holdout.refit",
                "data.holdout.refit needs data.time, to know what the champion has learnt: name the timestamp column",
            ),
            Rule(
                "!has(self.features) || !(self.target in self.features)",
                "data.features must not hold data.target: the model would see the answer, so take it out",
            ),
            Rule(
                "!has(self.time) || !has(self.features) || !(self.time in self.features)",
                "data.features must not hold data.time: add a column such as the hour to the data instead",
            ),
            Rule(
                "!has(self.time) || self.time != self.target",
                "data.target must be another column than data.time: name the column with 0 and 1",
            ),
        )
    )
    uri: DataUri = Field(
        description=(
            "Folder or file with the rows: s3://bucket/folder, or file:///absolute/path, which works on one machine "
            "only."
        )
    )
    format: Literal["parquet"] = Field(default="parquet", description="Format of the files.")
    revision: Revision = Field(
        default="latest",
        description=(
            "latest, or the digest that an earlier run pinned: its status.data.revision. A run that drift starts reads "
            "the latest."
        ),
    )
    time: Column | None = Field(
        default=None, description="Timestamp column, by which window, holdout and block order the rows."
    )
    block: PositiveDuration | None = Field(
        default=None,
        description=(
            "Length of time within which rows depend on one another, e.g. 1d; without it, rows count as independent."
        ),
    )
    window: TimeWindow | None = Field(default=None, description="Part of the data to read; default: all of it.")
    target: Column = Field(description="Column with the label, 0 or 1.")
    features: list[Column] | None = Field(
        default=None,
        min_length=1,
        max_length=512,
        description="Columns that the model sees; default: every column but target and time.",
        json_schema_extra=LIST_SET,
    )
    holdout: Holdout = Field(default_factory=Holdout, description="Rows held out of training.")
    expectations: list[Expectation] = Field(
        default_factory=list,
        max_length=256,
        description="Checks the data must pass before training.",
        json_schema_extra=list_map("column"),
    )
