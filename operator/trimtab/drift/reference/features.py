"""Which shares of rows are watched of each feature, and how they are counted: one code for reference and live rows.

Numeric: the share of rows at or below each edge and the share missing; edges are the reference's deciles and, where one
is a common value, what lies just below it, so that a value cannot move down unseen. Categorical: the share of each
common category, of all others together, and the share missing. A share is of the rows that have a value, save the share
missing itself. Everything numeric is compared as float32, the type in which it is served.

Categories that are chosen among more are chosen by a fifth of the rows (`chooses`) and measured on the others: measured
on the rows that chose them, the commonest would look commoner than they are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.bet import Json
from trimtab.drift.betting.observation import Observation
from trimtab.drift.reference.waves import Singles, Waves, places_of_categories, scaled

Column = npt.NDArray[np.generic]
Columns = Mapping[str, Column]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]
Edges = npt.NDArray[np.floating]

_AT_ONCE = 2**16 - 1
"""Rows whose marks are held at once: as many as 16 bits can count."""

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


class Layout:
    """The features in their order, ready to count; the shares of the waves over the first of them come last."""

    def __init__(self, features: Sequence[Feature], waves: Waves | None = None) -> None:
        self.features, self.waves = tuple(features), waves
        sizes = [len(feature.quantities) for feature in self.features]
        self.starts = np.cumsum([0, *sizes])
        self.missing = self.starts[1:] - 1
        self.owner = np.repeat(np.arange(len(sizes) + 1), [*sizes, waves.size if waves else 0])
        """Number of the feature of each quantity, shape (K,); the waves come after all features."""
        self._numbers = Numbers(self.features, self.starts)
        self._codes = {at: Codes(f.categories) for at, f in enumerate(self.features) if f.categories is not None}

    @property
    def size(self) -> int:
        return self.owner.size

    def tally(self, columns: Columns) -> Integers:
        """Count rows, shape (K,). A feature that is not among the columns is missing in all rows."""
        rows, counts = len(next(iter(columns.values()))), np.zeros(self.size, dtype=np.int64)
        for start in range(0, rows, _AT_ONCE):
            part = {name: column[start : start + _AT_ONCE] for name, column in columns.items()}
            counts += np.add.reduce(self.hits(part), axis=1, dtype=np.uint16)
        return counts

    def hits(self, columns: Columns) -> Flags:
        """Which quantities each row is counted in, shape (K, rows); rows last, as summing along memory is faster."""
        rows = len(next(iter(columns.values())))
        hits, places = np.zeros((self.size, rows), dtype=np.uint8), np.zeros((len(self.features), rows), np.float32)
        self._numbers.mark(columns, hits, places)
        for at, known in self._codes.items():
            codes = known.of(columns.get(self.features[at].name), rows)
            own = hits[self.starts[at] : self.starts[at + 1]]
            np.equal(codes, np.arange(len(own), dtype=np.uint8)[:, None], out=own, casting="unsafe")
            if self.waves:
                places[at] = places_of_categories(at, known.others)[codes]
        if self.waves:
            self.waves.mark(places, hits[self.starts[-1] :])
        return hits

    def encode(self, columns: Columns) -> Singles:
        """Rows as numbers, shape (rows, features): numbers as they are, categories by their place among the known."""
        rows = len(next(iter(columns.values())))
        encoded = np.full((rows, len(self.features)), np.nan, dtype=np.float32)
        for at, feature in enumerate(self.features):
            if at in self._codes:
                encoded[:, at] = self._codes[at].of(columns.get(feature.name), rows)
            elif feature.name in columns:
                encoded[:, at] = columns[feature.name]
        return encoded

    def chosen(self, counts: npt.NDArray[np.number]) -> npt.NDArray[np.bool_]:
        """Which quantities rest on categories that were chosen among more, as the reference's counts tell; shape (K,).

        Waves look at all features, so they rest on any such choice.
        """
        among_more = [at for at in self._codes if counts[self.missing[at] - 1]]
        return np.isin(self.owner, [*among_more, *([len(self.features)] if among_more else [])])

    def observe(self, rows: int, counts: Integers) -> Observation:
        """Say what counted rows are of: a share is of the rows that have a value, save the share missing itself."""
        of = np.full(self.size, float(rows))
        shares = np.arange(self.starts[-1])
        of[shares] -= counts[self.missing][self.owner[shares]]
        of[self.missing] = rows
        return Observation(counts.astype(np.float64), of)


class Numbers:
    """The numeric features among others, compared with all their edges at once."""

    def __init__(self, features: Sequence[Feature], starts: npt.NDArray[np.int64]) -> None:
        self._at = np.array([at for at, f in enumerate(features) if f.categories is None], dtype=np.int64)
        self._features = [features[at] for at in self._at]
        self._missing = starts[self._at + 1] - 1
        self._owner = np.repeat(np.arange(self._at.size), [len(f.edges) for f in self._features])
        self._edges = np.array([edge for f in self._features for edge in f.edges], dtype=np.float32)[:, None]
        spans = [np.arange(starts[at], starts[at + 1] - 1) for at in self._at]
        self._quantities = np.concatenate([np.empty(0, np.int64), *spans])
        self._centres, self._scales = (
            np.array([getattr(f, key) for f in self._features], np.float32) for key in ("centre", "scale")
        )

    def mark(self, columns: Columns, hits: Flags, places: Singles) -> None:
        """Mark rows at or below each edge in `hits`, and write where they lie into `places`."""
        if not self._features:
            return
        none = np.full(places.shape[1], np.nan, dtype=np.float32)
        values = np.stack([np.asarray(columns.get(f.name, none), dtype=np.float32) for f in self._features])
        hits[self._quantities] = values[self._owner] <= self._edges
        hits[self._missing] = np.isnan(values)
        places[self._at] = scaled(values, self._centres, self._scales)


class Codes(dict[object, int]):
    """Numbers of a feature's categories by text; then others, then missing: None, NaN and the empty text."""

    def __init__(self, categories: Sequence[str]) -> None:
        super().__init__({text: place for place, text in enumerate(categories)})
        self.others = len(categories)

    def __missing__(self, value: object) -> int:
        text = _text(value)
        return self.get(text, self.others) if text else self.others + 1

    def of(self, column: Column | None, rows: int) -> Flags:
        """Number of each row's category; a byte holds it, as there are few."""
        if column is None:
            return np.full(rows, self.others + 1, dtype=np.uint8)
        return np.frombuffer(bytes(map(self.__getitem__, column.tolist())), dtype=np.uint8)


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
        found[_text(value)] += rows
    del found[""]
    return found


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)  # noqa: PLR0124  # only NaN differs from itself


def _scale(present: npt.NDArray[np.float32]) -> float:
    low, high = np.quantile(present, [0.25, 0.75])
    spread = float(high - low) / _QUARTILES or float(present.std())
    return spread or 1.0
