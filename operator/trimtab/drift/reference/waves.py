"""Shares of rows by which rotations show that no single feature sees: a maximum mean discrepancy made of counts.

Method. A wave lays stripes of a random width, direction and phase over the plane of two features; its quantity is the
share of rows on every other stripe, that is, where a random Fourier feature is positive. Equal distributions have equal
shares on all waves, and unequal ones differ on some: these are quantised random Fourier features of an additive kernel
over pairs. A share is a count, so it merges exactly, and is bet on like any other.

Numbers are scaled by the reference's median and quartiles and cut at ±4; each category has a place drawn by its rank;
missing is 0. Everything is float32, element by element, so a row lands on the same side on every replica.

Source: Rahimi & Recht, "Random features for large-scale kernel machines", NeurIPS 2007; Boufounos & Mansour, "Universal
embeddings for kernel machine classification", 2015; Gretton et al., "A kernel two-sample test", JMLR 2012.
Cost: a few passes over rows · waves numbers.
"""

from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.bet import Json

WAVES = 64
_SEED = 20130101
_CUT = np.float32(4.0)
_HALF = np.float32(0.5)
_LEAST_STRIPE, _MOST_STRIPE = 1.0, 3.0

Singles = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Waves:
    """D waves over N features; `pairs` has shape (2, D) and so have `slopes`, `phases` (D,)."""

    pairs: npt.NDArray[np.int64]
    slopes: Singles
    phases: Singles

    @classmethod
    def draw(cls, features: int) -> Self:
        """Draw the waves of so many features; none for fewer than two. The same for every profile of as many."""
        random = np.random.default_rng(_SEED)
        count = WAVES if features > 1 else 0
        pairs = np.array([random.choice(features, 2, replace=False) for _ in range(count)], dtype=np.int64)
        angle, stripe = random.uniform(0, 2 * np.pi, count), random.uniform(_LEAST_STRIPE, _MOST_STRIPE, count)
        slopes = np.stack([np.cos(angle), np.sin(angle)]) / stripe
        phases = random.uniform(0, 2, count)
        return cls(pairs.reshape(count, 2).T, slopes.astype(np.float32), phases.astype(np.float32))

    @property
    def size(self) -> int:
        return self.phases.size

    def mark(self, places: Singles, marks: npt.NDArray[np.bool_]) -> None:
        """Mark rows on even stripes in `marks`, shape (D, rows); `places` has shape (N, rows).

        Two stripes are a period, and its first half is even. All is counted in periods: halving is exact in binary.
        """
        at, other = (places[pair] for pair in self.pairs)
        at *= self._periods[0]
        other *= self._periods[1]
        at += other
        at += self._starts
        at -= np.floor(at, out=other)
        np.less(at, _HALF, out=marks)

    @cached_property
    def _periods(self) -> Singles:
        """Slopes in periods, shape (2, D, 1)."""
        return self.slopes[..., None] * _HALF

    @cached_property
    def _starts(self) -> Singles:
        """Phases in periods, shape (D, 1)."""
        return self.phases[:, None] * _HALF

    def to_json(self) -> Json:
        return {field.name: getattr(self, field.name).tolist() for field in fields(self)}

    @classmethod
    def from_json(cls, state: Json) -> Self:
        pairs = np.array(state["pairs"], dtype=np.int64).reshape(2, -1)
        slopes, phases = (np.array(state[key], dtype=np.float32) for key in ("slopes", "phases"))
        return cls(pairs, slopes.reshape(2, -1), phases)


def scaled(values: Singles, centres: Singles, scales: Singles) -> Singles:
    """Places of numbers, shape (N, rows); the others are (N,)."""
    places = values - centres[:, None]
    places /= scales[:, None]
    np.clip(places, -_CUT, _CUT, out=places)
    places[np.isnan(places)] = 0.0
    return places


@cache
def places_of_categories(feature: int, categories: int) -> Singles:
    """Places of a feature's categories, shape (categories + 2,): the last two are others, and missing (0)."""
    random = np.random.default_rng([_SEED, feature])
    places = random.normal(0, 1, categories + 1)
    return np.append(places, 0.0).astype(np.float32)
