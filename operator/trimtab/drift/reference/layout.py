"""The features in their order, ready to count: one code for reference and live rows.

Within, rows are marked kind by kind, each kind in one stretch of memory: the edges of all numbers, which numbers are
missing, all categories, the waves. Only the sums are put into the order of the features. Cost: a look-up a text, and
some passes over bytes · quantities and over numbers · waves.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.observation import Observation
from trimtab.drift.reference.features import Columns, Feature, Integers
from trimtab.drift.reference.kinds import Categories, Flags, Numbers, apart
from trimtab.drift.reference.waves import Singles, Waves

_AT_ONCE = 2**13
"""Rows whose marks are held at once: few enough for a processor's caches, and for 16 bits to count."""


class Layout:
    """The quantities of all features; the shares of the waves over the first of them come last."""

    def __init__(self, features: Sequence[Feature], waves: Waves | None = None) -> None:
        self.features, self.waves = tuple(features), waves
        sizes = [len(feature.quantities) for feature in self.features]
        self.starts = np.cumsum([0, *sizes])
        self.missing = self.starts[1:] - 1
        self.owner = np.repeat(np.arange(len(sizes) + 1), [*sizes, waves.size if waves else 0])
        """Number of the feature of each quantity, shape (K,); the waves come after all features."""
        self._numbers, self._categories = Numbers(self.features, self.starts), Categories(self.features, self.starts)
        kinds = (self._numbers, self._categories)
        self._ends = np.cumsum([kind.quantities.size for kind in kinds])
        of_waves = np.arange(self.starts[-1], self.size)
        self._order = np.argsort(np.concatenate([*(kind.quantities for kind in kinds), of_waves]))
        place = np.argsort(np.concatenate([kind.at for kind in kinds]))
        self._by_kind = waves and replace(waves, pairs=place[waves.pairs])

    @property
    def size(self) -> int:
        return self.owner.size

    def tally(self, columns: Columns) -> Integers:
        """Count rows, shape (K,). A feature that is not among the columns is missing in all rows."""
        rows, counts = _rows(columns), np.zeros(self.size, dtype=np.int64)
        for start in range(0, rows, _AT_ONCE):
            part = {name: column[start : start + _AT_ONCE] for name, column in columns.items()}
            counts += np.add.reduce(self._marked(part).view(np.uint8), axis=1, dtype=np.uint16)
        return counts[self._order]

    def hits(self, columns: Columns) -> Flags:
        """Which quantities each row is counted in, shape (K, rows); rows last, as summing along memory is faster."""
        return self._marked(columns)[self._order]

    def encode(self, columns: Columns) -> Singles:
        """Rows as numbers, shape (rows, features): numbers as they are, categories by their place among the known."""
        rows = _rows(columns)
        encoded = np.empty((rows, len(self.features)), dtype=np.float32)
        encoded[:, self._numbers.at] = self._numbers.values(columns, rows).T
        encoded[:, self._categories.at] = self._categories.codes(columns, rows).T
        return encoded

    def chosen(self, counts: npt.NDArray[np.number]) -> npt.NDArray[np.bool_]:
        """Which quantities rest on categories that were chosen among more, as the reference's counts tell; shape (K,).

        Waves look at all features, so they rest on any such choice.
        """
        among_more = [at for at in self._categories.at if counts[self.missing[at] - 1]]
        return np.isin(self.owner, [*among_more, *([len(self.features)] if among_more else [])])

    def observe(self, rows: int, counts: Integers) -> Observation:
        """Say what counted rows are of: a share is of the rows that have a value, save the share missing itself."""
        of = np.full(self.size, float(rows))
        shares = np.arange(self.starts[-1])
        of[shares] -= counts[self.missing][self.owner[shares]]
        of[self.missing] = rows
        return Observation(counts.astype(np.float64), of)

    def _marked(self, columns: Columns) -> Flags:
        """Which quantities each row is counted in, shape (K, rows), kind by kind."""
        rows = _rows(columns)
        marks = np.empty((self.size, rows), dtype=np.bool_)
        values, codes = self._numbers.values(columns, rows), self._categories.codes(columns, rows)
        numbers, categories, waves = np.split(marks, self._ends)
        self._numbers.mark(values, numbers)
        self._categories.mark(codes, categories)
        if self._by_kind:
            places: Singles = apart(len(self.features), rows, np.float32)
            places[: self._numbers.at.size] = self._numbers.places(values)
            places[self._numbers.at.size :] = self._categories.places(codes)
            self._by_kind.mark(places, waves)
        return marks


def _rows(columns: Columns) -> int:
    return len(next(iter(columns.values())))
