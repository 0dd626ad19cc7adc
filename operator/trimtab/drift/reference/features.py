"""Which shares of rows are watched of each feature.

Numeric: the share of rows at or below each edge and the share missing; edges are the reference's deciles and, where one
is a common value, what lies just below it, so that a value cannot move down unseen. Categorical: the share of each
common category, of all others together, and the share missing. A share is of the rows that have a value, save the share
missing itself. Everything numeric is compared as float32, the type in which it is served.

Categories that are chosen among more are chosen by a fifth of the rows (`chooses`) and measured on the others: measured
on the rows that chose them, the commonest would look commoner than they are.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.bet import Json

Column = npt.NDArray[np.generic]
Columns = Mapping[str, Column]
Integers = npt.NDArray[np.int64]
Edges = npt.NDArray[np.floating]

_QUARTILES = 1.349
"""Distance of a normal distribution's quartiles in standard deviations."""

DECILES = np.arange(1, 10) / 10
MOST_CATEGORIES = 20
COMMON = 0.1
"""A number is a common value from this share of rows on."""
_CHOOSING = 0.2
_SEED = 20


@dataclass(frozen=True)
class Feature:
    """One input; numeric if `categories` is None."""

    name: str
    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] | None = None
    centre: float = 0.0
    """Median of a number."""
    scale: float = 1.0
    """Standard deviation of a number, told from its quartiles where they differ."""

    @classmethod
    def of(cls, name: str, column: Column) -> Self:
        """Choose edges or categories from the reference rows."""
        if column.dtype.kind in "biuf":
            values = column.astype(np.float32)
            present = values[np.isfinite(values)]
            if not present.size:
                return cls(name)
            deciles = np.unique(np.quantile(present, DECILES, method="higher"))
            edges = with_common(deciles, np.array([np.mean(present == edge) for edge in deciles]))
            return cls(name, tuple(edges.tolist()), None, float(np.median(present)), _scale(present))
        found = texts(column)
        if len(found) > MOST_CATEGORIES:
            found = texts(column[chooses(len(column))]) or found
        return cls(name, categories=tuple(value for value, _ in found.most_common(MOST_CATEGORIES)))

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """What is counted, in words, in the order of the counts; the missing rows come last."""
        if self.categories is None:
            edges = np.array(self.edges, dtype=np.float32)
            return (*(f"{self.name} {words}" for words in in_words(edges, "g")), f"{self.name} missing")
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
            float(state.get("centre", 0.0)),  # type: ignore[arg-type]
            float(state.get("scale", 1.0)),  # type: ignore[arg-type]
        )


def with_common(edges: Edges, shares: npt.NDArray[np.floating]) -> Edges:
    """Put before each edge that is a common value the number below it; `shares` of rows are exactly at the edges."""
    return np.unique(np.concatenate([edges, _below(edges[shares >= COMMON])]))


def in_words(edges: Edges, digits: str) -> tuple[str, ...]:
    """What is counted at each edge: up to it, or below the next where there is nothing between the two."""
    below = np.append(edges[:-1] == _below(edges[1:]), [False] * min(edges.size, 1))
    return tuple(f"< {edges[at + 1]:{digits}}" if below[at] else f"≤ {edge:{digits}}" for at, edge in enumerate(edges))


def _below(edges: Edges) -> Edges:
    """The next smaller numbers; below 0 the nearest that no processor takes for 0."""
    tiny = np.finfo(edges.dtype).tiny
    return np.where(edges == 0, -tiny, np.nextafter(edges, edges.dtype.type(-np.inf)))


def chooses(rows: int) -> npt.NDArray[np.bool_]:
    """Which of so many rows choose the categories that are watched; the same ones each time."""
    return np.random.default_rng(_SEED).random(rows) < _CHOOSING


def texts(column: Column) -> Counter[str]:
    """Count the distinct values as texts; what is missing (None, NaN and the empty text) is not among them."""
    found: Counter[str] = Counter()
    for value, rows in Counter(column.tolist()).items():
        found[text_of(value)] += rows
    del found[""]
    return found


def text_of(value: object) -> str:
    """The text of a category; empty if it is missing."""
    return "" if value is None or value != value else str(value)  # noqa: PLR0124  # only NaN differs from itself


def _scale(present: npt.NDArray[np.float32]) -> float:
    low, high = np.quantile(present, [0.25, 0.75])
    spread = float(high - low) / _QUARTILES or float(present.std())
    return spread or 1.0
