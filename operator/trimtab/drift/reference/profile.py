"""What training promises about the world a version will meet: the reference that drift is measured against.

A profile belongs to a version and never changes, so a promoted retrain does not alarm on its own new data, and a stormy
first week does not become the norm. Inputs are measured on all training rows; predictions, loss and calibration on rows
the model did not learn from. Where a block was declared (a day), all are block means with their spread between blocks;
where none was, inputs and predictions are counts of rows. Cost: one count per block; some kB a feature.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.bet import Json
from trimtab.drift.betting.means import MeanReference
from trimtab.drift.betting.observation import Observation
from trimtab.drift.reference.calibration import Calibration
from trimtab.drift.reference.features import Column, Columns, Feature, chooses
from trimtab.drift.reference.layout import Layout
from trimtab.drift.reference.quantities import BlockReference, RowReference, cut, joined, read
from trimtab.drift.reference.sample import Sample, keys_of
from trimtab.drift.reference.waves import Waves
from trimtab.drift.sums import UNIT, LabelSums

FORMAT = 2
_READABLE = (1, 2)
Inputs = RowReference | BlockReference
Part = npt.NDArray[np.intp] | slice
PREDICTION = "(prediction)"
"""Name of what a version answered, among the columns; no feature is called so."""
CONCEPT_QUANTITIES = ("loss", "calibration")
_GROUPS = 100
_SAMPLED = 2_000
_MIN_ROWS = 50


@dataclass(frozen=True)
class Outcomes:
    """Rows the model did not learn from (held out, or out of fold), each array of shape (rows,).

    `blocks` names each row's block; None says that the rows stand alone.
    """

    labels: npt.NDArray[np.generic]
    probabilities: npt.NDArray[np.floating]
    blocks: Column | None = None


@dataclass(frozen=True)
class Profile:
    """The reference of a version. Without `outcomes` (too few held-out blocks) concept drift is Unknown.

    `inputs` holds a row of quantities for each feature, for the predictions if there are any, and for the waves.
    """

    features: tuple[Feature, ...]
    inputs: Inputs
    outcomes: BlockReference | MeanReference | None
    predictions: Feature | None = None
    waves: Waves | None = None
    sample: Sample | None = None
    """Some of the training rows, for detectors that test rows."""
    calibration: Calibration | None = None
    """What a score means; None without outcomes, or with too few blocks of them."""
    block_seconds: float = 0.0
    """How long a block is, and a window at least; 0 where rows stand alone, or an earlier release did not write it."""

    @cached_property
    def layout(self) -> Layout:
        return Layout((*self.features, *([self.predictions] if self.predictions else [])), self.waves)

    @cached_property
    def features_layout(self) -> Layout:
        """The features alone: rows as they are sampled for detectors."""
        return Layout(self.features)

    @property
    def rows_stand_alone(self) -> bool:
        """Whether each row is an observation, and not only each window: no block was declared at training."""
        return isinstance(self.inputs, RowReference)

    @classmethod
    def build(
        cls, columns: Columns, blocks: Column | None, outcomes: Outcomes | None, block_seconds: float = 0.0
    ) -> Self:
        """Measure the training rows.

        Args:
            columns: each feature's values, shape (rows,); numbers are numeric features, all else is categorical.
                Missing is NaN in numbers, and None, NaN or "" elsewhere.
            blocks: each row's block, shape (rows,); None says that the rows stand alone.
            outcomes: labels and probabilities of rows the model did not learn from.
            block_seconds: how long a block is.

        Raises:
            ValueError: the rows make fewer than two blocks.

        """
        features = tuple(Feature.of(name, column) for name, column in columns.items())
        waves = Waves.draw(len(features))
        layout = Layout(features, waves)
        inputs = _measure(layout, columns, blocks)
        sample = Sample.of_columns(layout, keys_of("training", len(next(iter(columns.values())))), columns, _SAMPLED)
        measured = _measure_outcomes(outcomes)
        if outcomes is None or not len(outcomes.labels):
            return cls(features, inputs, measured, None, waves, sample, None, block_seconds)
        meant = Calibration.of(
            outcomes.labels, outcomes.probabilities, list(split(outcomes.blocks, len(outcomes.labels)))
        )
        answers = Feature.of(PREDICTION, outcomes.probabilities)
        answered = _measure(
            Layout([answers]), {PREDICTION: outcomes.probabilities}, blocks if blocks is None else outcomes.blocks
        )
        inputs = _with_predictions(inputs, answered, waves.size)
        return cls(features, inputs, measured, answers, waves, sample, meant, block_seconds)

    def to_json(self) -> Json:
        """Return plain JSON values."""
        return {
            "format": FORMAT,
            "features": [feature.to_json() for feature in self.features],
            "predictions": self.predictions and self.predictions.to_json(),
            "waves": self.waves and self.waves.to_json(),
            "inputs": self.inputs.to_json(),
            "outcomes": self.outcomes and self.outcomes.to_json(),
            "sample": self.sample and self.sample.to_json(),
            "calibration": self.calibration and self.calibration.to_json(),
            "blockSeconds": self.block_seconds,
        }

    @classmethod
    def from_json(cls, state: Json) -> Self:
        """Read what `to_json` wrote, also that of the first release, which knew neither predictions nor waves.

        Raises:
            ValueError: the profile has another format.

        """
        if state.get("format") not in _READABLE:
            raise ValueError(f"profile has format {state.get('format')!r}, this release reads {_READABLE}")
        features = tuple(Feature.from_json(feature) for feature in state["features"])  # type: ignore[attr-defined]
        keys = ("outcomes", "predictions", "waves", "sample", "calibration")
        outcomes, predictions, waves, sample, calibration = (state.get(key) for key in keys)
        return cls(
            features,
            _read_inputs(state["inputs"]),  # type: ignore[arg-type]
            _read_outcomes(outcomes) if outcomes else None,  # type: ignore[arg-type]
            Feature.from_json(predictions) if predictions else None,  # type: ignore[arg-type]
            Waves.from_json(waves) if waves else None,  # type: ignore[arg-type]
            Sample.from_json(sample) if sample else None,  # type: ignore[arg-type]
            Calibration.from_json(calibration) if calibration else None,  # type: ignore[arg-type]
            float(state.get("blockSeconds", 0.0)),  # type: ignore[arg-type]
        )


def split(blocks: Column | None, rows: int) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the row numbers of each block. Rows that stand alone are put in up to a hundred groups of fifty or more."""
    if blocks is None:
        groups = max(min(_GROUPS, rows // _MIN_ROWS), 1)
        yield from np.array_split(np.arange(rows), groups)
        return
    _, number = np.unique(blocks, return_inverse=True)
    order = np.argsort(number, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


def outcome_sums(sums: LabelSums) -> Observation:
    """The watched quantities of labelled rows, in the order of `CONCEPT_QUANTITIES`."""
    totals = [sums.loss / UNIT, sums.labels - sums.probabilities / UNIT]
    squares = [sums.loss_squares / UNIT, sums.gap_squares / UNIT]
    return Observation(np.array(totals), np.full(len(totals), float(sums.rows)), np.array(squares))


def _measure(layout: Layout, columns: Columns, blocks: Column | None) -> Inputs:
    rows = len(next(iter(columns.values())))
    parts: list[Part] = [slice(None)] if blocks is None else list(split(blocks, rows))
    seen = [_observed(layout, columns, part) for part in parts]
    chosen = layout.chosen(np.sum([whole.total for whole in seen], axis=0))
    if chosen.any():
        kept, number = ~chooses(rows), np.arange(rows)
        rests = [_observed(layout, columns, number[part][kept[part]]) for part in parts]
        seen = [_mixed(chosen, *both) for both in zip(rests, seen, strict=True)]
    return RowReference(seen[0].total, seen[0].rows) if blocks is None else BlockReference.measure(seen)


def _mixed(chosen: npt.NDArray[np.bool_], rest: Observation, whole: Observation) -> Observation:
    """Quantities that were chosen, of the rows that did not choose; the others of all."""
    return Observation(np.where(chosen, rest.total, whole.total), np.where(chosen, rest.rows, whole.rows))


def _observed(layout: Layout, columns: Columns, part: Part) -> Observation:
    batch = {name: column[part] for name, column in columns.items()}
    return layout.observe(len(next(iter(batch.values()))), layout.tally(batch))


def _with_predictions(inputs: Inputs, answered: Inputs, waves: int) -> Inputs:
    """Put the quantities of the predictions between those of the features and those of the waves."""
    size = inputs.mean.size - waves
    return joined([cut(inputs, slice(0, size)), answered, cut(inputs, slice(size, None))])


def _read_inputs(state: Json) -> Inputs:
    return read(RowReference, state) if "hits" in state else read(BlockReference, state)


def _read_outcomes(state: Json) -> BlockReference | MeanReference:
    return MeanReference.from_json(state) if "squares" in state else read(BlockReference, state)


def _measure_outcomes(outcomes: Outcomes | None) -> BlockReference | MeanReference | None:
    if outcomes is None or not len(outcomes.labels):
        return None
    if outcomes.blocks is None:
        return MeanReference.measure(outcome_sums(LabelSums.of(outcomes.labels, outcomes.probabilities)))
    groups = list(split(outcomes.blocks, len(outcomes.labels)))
    sums = [LabelSums.of(outcomes.labels[rows], outcomes.probabilities[rows]) for rows in groups]
    return BlockReference.measure([outcome_sums(block) for block in sums]) if len(sums) > 1 else None
