"""In which quantities rows count, all features of a kind at once: numbers by their edges, categories by their texts."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from trimtab.drift.reference.features import Column, Columns, Feature, Integers, text_of
from trimtab.drift.reference.waves import Singles, places_of_categories, scaled

Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

_CACHE_LINE = 64
"""Bytes."""


class Numbers:
    """The N numeric features among others, compared with all their edges at once."""

    def __init__(self, features: Sequence[Feature], starts: Integers) -> None:
        self.at = np.array([at for at, f in enumerate(features) if f.categories is None], dtype=np.int64)
        self._features = [features[at] for at in self.at]
        self._owner = np.repeat(np.arange(self.at.size), [len(f.edges) for f in self._features])
        self._edges = np.array([edge for f in self._features for edge in f.edges], dtype=np.float32)[:, None]
        spans = [np.arange(starts[at], starts[at + 1] - 1) for at in self.at]
        self.quantities: Integers = np.concatenate([*spans, starts[self.at + 1] - 1])
        """Their numbers in the order in which they are marked: all edges, then which are missing."""
        self._centres, self._scales = (
            np.array([getattr(f, key) for f in self._features], np.float32) for key in ("centre", "scale")
        )

    def values(self, columns: Columns, rows: int) -> Singles:
        """Read the columns, shape (N, rows); NaN is missing."""
        values: Singles = apart(self.at.size, rows, np.float32)
        for own, feature in zip(values, self._features, strict=True):
            own[:] = columns.get(feature.name, np.nan)
        return values

    def mark(self, values: Singles, marks: Flags) -> None:
        """Mark rows at or below each edge, and missing ones; `marks` has shape (quantities, rows)."""
        np.less_equal(values[self._owner], self._edges, out=marks[: self._owner.size])
        np.isnan(values, out=marks[self._owner.size :])

    def places(self, values: Singles) -> Singles:
        """Where rows lie, for the waves, shape (N, rows)."""
        return scaled(values, self._centres, self._scales)


class Categories:
    """The C categorical features among others, each row by the code of its text."""

    def __init__(self, features: Sequence[Feature], starts: Integers) -> None:
        self.at = np.array([at for at, f in enumerate(features) if f.categories is not None], dtype=np.int64)
        self._names = [features[at].name for at in self.at]
        self._codes = [Codes(features[at].categories or ()) for at in self.at]
        sizes = [codes.size for codes in self._codes]
        self._owner = np.repeat(np.arange(self.at.size), sizes)
        self._code = np.array([code for size in sizes for code in range(size)], dtype=np.uint8)[:, None]
        spans = [np.arange(starts[at], starts[at + 1]) for at in self.at]
        self.quantities: Integers = np.concatenate([np.empty(0, np.int64), *spans])
        """Their numbers in the order in which they are marked: feature by feature."""
        drawn = [
            places_of_categories(at, codes.others) for at, codes in zip(self.at.tolist(), self._codes, strict=True)
        ]
        self._places = np.concatenate([np.empty(0, np.float32), *drawn])
        self._first = np.cumsum([0, *sizes])[:-1, None]

    def codes(self, columns: Columns, rows: int) -> Bytes:
        """Number of each row's category, shape (C, rows); a byte holds it, as there are few."""
        codes: Bytes = apart(self.at.size, rows, np.uint8)
        for own, name, known in zip(codes, self._names, self._codes, strict=True):
            own[:] = known.of(columns[name]) if name in columns else known.missing
        return codes

    def mark(self, codes: Bytes, marks: Flags) -> None:
        """Mark the rows of each category; `marks` has shape (quantities, rows)."""
        np.equal(codes[self._owner], self._code, out=marks)

    def places(self, codes: Bytes) -> Singles:
        """Where rows lie, for the waves, shape (C, rows)."""
        places: Singles = self._places.take(codes + self._first)
        return places


class Codes(dict[object, str]):
    """Codes of a feature's categories by text; then others, then missing: None, NaN and the empty text.

    A code is held as a character, as Python joins characters faster than it packs numbers.
    """

    def __init__(self, categories: Sequence[str]) -> None:
        self.others, self.missing, self.size = (len(categories) + more for more in range(3))
        self._known: dict[object, str] = {"": chr(self.missing)}
        self._known |= {text: chr(code) for code, text in enumerate(categories)}
        super().__init__(self._known)

    def __missing__(self, value: object) -> str:
        return self.get(text_of(value), chr(self.others))

    def of(self, column: Column) -> Bytes:
        """Codes of a column's texts, shape (rows,); all in one call if all are known, else one by one."""
        values = column.tolist()
        try:
            found = itemgetter(*values)(self._known)
        except (KeyError, TypeError):
            found = map(self.__getitem__, values)
        return np.frombuffer("".join(found).encode("latin-1"), dtype=np.uint8)


def apart(count: int, rows: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Room of shape (count, rows), with an odd number of cache lines from row to row.

    Copies from and to like places of two pages are slow, and rows of a power of two all lie alike.
    """
    line = _CACHE_LINE // np.dtype(dtype).itemsize
    lines = -(-rows // line) | 1
    return np.empty((count, lines * line), dtype=dtype)[:, :rows]
