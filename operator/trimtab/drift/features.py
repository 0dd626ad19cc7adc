"""Which shares of rows are watched of each feature, and how they are counted: one code for reference and live rows.

Numeric: the share of rows at or below each edge (the reference's deciles) and the share missing. Categorical: the share
of each common category, of all others together, and the share missing. A share is of the rows that have a value, save
the share missing itself. Everything numeric is compared as float32, the type in which it is served.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.bet import Array, Json

Column = npt.NDArray[np.generic]
Columns = Mapping[str, Column]
Integers = npt.NDArray[np.int64]

DECILES = np.arange(1, 10) / 10
MOST_CATEGORIES = 20


@dataclass(frozen=True)
class Feature:
    """One input; numeric if `categories` is None."""

    name: str
    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] | None = None

    @classmethod
    def of(cls, name: str, column: Column) -> Self:
        """Choose edges or categories from the reference rows."""
        if column.dtype.kind in "biuf":
            values = column.astype(np.float32)
            present = values[np.isfinite(values)]
            edges = np.unique(np.quantile(present, DECILES, method="higher")) if present.size else present
            return cls(name, edges=tuple(edges.tolist()))
        found = Counter({value: rows for value, rows in texts(column).items() if value})
        return cls(name, categories=tuple(value for value, _ in found.most_common(MOST_CATEGORIES)))

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """What is counted, in words, in the order of the counts; the missing rows come last."""
        if self.categories is None:
            return (*(f"{self.name} ≤ {edge:g}" for edge in self.edges), f"{self.name} missing")
        return (*(f"{self.name} = {value}" for value in self.categories), f"{self.name} other", f"{self.name} missing")

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, state: Json) -> Self:
        categories = state["categories"]
        return cls(
            str(state["name"]),
            tuple(state["edges"]),  # type: ignore[arg-type]
            None if categories is None else tuple(categories),  # type: ignore[arg-type]
        )


class Layout:
    """The features in their order, ready to count."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self.features = tuple(features)
        sizes = [len(feature.quantities) for feature in self.features]
        self.starts = np.cumsum([0, *sizes])
        self.missing = self.starts[1:] - 1
        self.owner = np.repeat(np.arange(len(sizes)), sizes)
        self._numeric = [feature for feature in self.features if feature.categories is None]
        width = max((len(feature.edges) for feature in self._numeric), default=0)
        padded = [(*feature.edges, *[np.inf] * (width - len(feature.edges)), np.inf) for feature in self._numeric]
        self._edges = np.array(padded, dtype=np.float32)
        self._no_number = self.missing[[at for at, _ in self._numbered(numeric=True)]]
        self._places = np.concatenate(
            [self.starts[at] + np.arange(len(f.edges)) for at, f in self._numbered(numeric=True)] or [np.array([], int)]
        ).astype(np.int64)
        self._cells = np.array([edge for f in padded for edge in f[:-1]]) < np.inf
        self._categorical = [
            (f.name, int(self.starts[at]), {value: place for place, value in enumerate(f.categories or ())})
            for at, f in self._numbered(numeric=False)
        ]

    def tally(self, columns: Columns) -> Integers:
        """Count rows, shape (K,)."""
        counts = np.zeros(self.owner.size, dtype=np.int64)
        if self._numeric:
            self._tally_numbers(columns, counts)
        for name, start, places in self._categorical:
            _tally_texts(columns[name], counts[start : start + len(places) + 2], places)
        return counts

    def shares(self, rows: int, counts: Integers) -> Array:
        """Turn counts into shares, shape (K,); NaN where no row has a value."""
        of = rows - counts[self.missing][self.owner]
        of[self.missing] = rows
        with np.errstate(invalid="ignore"):
            result: Array = counts / np.where(of > 0, of, np.nan)
        return result

    def _tally_numbers(self, columns: Columns, counts: Integers) -> None:
        values = np.stack([columns[feature.name] for feature in self._numeric]).astype(np.float32)
        is_below = values[:, None, :] <= self._edges[:, :, None]  # rows last: summing along memory is many times faster
        below = np.add.reduce(is_below.view(np.uint8), axis=2, dtype=np.int64)
        counts[self._places] = below[:, :-1].ravel()[self._cells]
        counts[self._no_number] = values.shape[1] - below[:, -1]

    def _numbered(self, *, numeric: bool) -> list[tuple[int, Feature]]:
        return [(at, f) for at, f in enumerate(self.features) if (f.categories is None) == numeric]


def texts(column: Column) -> Counter[str]:
    """Count the distinct values as texts; None, NaN and the empty text are all the empty text."""
    found: Counter[str] = Counter()
    for value, rows in Counter(column.tolist()).items():
        found["" if value is None or value != value else str(value)] += rows  # noqa: PLR0124  # only NaN differs from itself
    return found


def _tally_texts(column: Column, counts: Integers, places: Mapping[str, int]) -> None:
    other, missing = len(places), len(places) + 1
    for value, rows in texts(column).items():
        counts[places.get(value, other) if value else missing] += rows
