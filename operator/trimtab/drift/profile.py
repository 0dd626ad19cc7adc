"""What training promises about the world a version will meet: the reference that drift is measured against.

A profile belongs to a version and never changes, so a promoted retrain does not alarm on its own new data, and a stormy
first week does not become the norm. Inputs are measured on all training rows; loss and calibration on rows the model
did not learn from. Both are block means with their spread between blocks. Cost: one count per block; some kB a feature.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.bet import Array, Json
from trimtab.drift.features import Column, Columns, Feature, Layout
from trimtab.drift.reference import Reference
from trimtab.drift.sums import LabelSums

FORMAT = 1
CONCEPT_QUANTITIES = ("loss", "calibration")
_GROUPS = 100
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
    """The reference of a version. Without `outcomes` (too few held-out blocks) concept drift is Unknown."""

    features: tuple[Feature, ...]
    inputs: Reference
    outcomes: Reference | None

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.features)

    @classmethod
    def build(cls, columns: Columns, blocks: Column | None, outcomes: Outcomes | None) -> Self:
        """Measure the training rows.

        Args:
            columns: each feature's values, shape (rows,); numbers are numeric features, all else is categorical.
                Missing is NaN in numbers, and None, NaN or "" elsewhere.
            blocks: each row's block, shape (rows,); None says that the rows stand alone.
            outcomes: labels and probabilities of rows the model did not learn from.

        Raises:
            ValueError: the rows make fewer than two blocks.

        """
        features = tuple(Feature.of(name, column) for name, column in columns.items())
        layout = Layout(features)
        shares = [_shares(layout, columns, rows) for rows in split(blocks, len(next(iter(columns.values()))))]
        return cls(features, Reference.measure(np.array(shares)), _measure_outcomes(outcomes))

    def to_json(self) -> Json:
        """Return plain JSON values."""
        return {
            "format": FORMAT,
            "features": [feature.to_json() for feature in self.features],
            "inputs": self.inputs.to_json(),
            "outcomes": self.outcomes and self.outcomes.to_json(),
        }

    @classmethod
    def from_json(cls, state: Json) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError: the profile has another format.

        """
        if state.get("format") != FORMAT:
            raise ValueError(f"profile has format {state.get('format')!r}, this release reads {FORMAT}")
        features = tuple(Feature.from_json(feature) for feature in state["features"])  # type: ignore[attr-defined]
        outcomes = state["outcomes"] and Reference.from_json(state["outcomes"])  # type: ignore[arg-type]
        return cls(features, Reference.from_json(state["inputs"]), outcomes or None)  # type: ignore[arg-type]


def split(blocks: Column | None, rows: int) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the row numbers of each block. Rows that stand alone are put in up to a hundred groups of fifty or more."""
    if blocks is None:
        groups = max(min(_GROUPS, rows // _MIN_ROWS), 1)
        yield from np.array_split(np.arange(rows), groups)
        return
    _, number = np.unique(blocks, return_inverse=True)
    order = np.argsort(number, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


def outcome_values(sums: LabelSums) -> Array:
    """The watched quantities of labelled rows, in the order of `CONCEPT_QUANTITIES`."""
    return np.array([sums.mean_loss, sums.calibration_gap])


def _shares(layout: Layout, columns: Columns, rows: npt.NDArray[np.intp]) -> Array:
    return layout.shares(rows.size, layout.tally({name: column[rows] for name, column in columns.items()}))


def _measure_outcomes(outcomes: Outcomes | None) -> Reference | None:
    if outcomes is None:
        return None
    groups = list(split(outcomes.blocks, len(outcomes.labels)))
    sums = [LabelSums.of(outcomes.labels[rows], outcomes.probabilities[rows]) for rows in groups]
    return Reference.measure(np.array([outcome_values(block) for block in sums])) if len(sums) > 1 else None
