"""Whether two tables of numbers have one joint distribution: the maximum mean discrepancy in a fraction of a second.

Method. Two views, of which the one that sees more counts; each is in units of its own spread among permutations.

- *Whole rows*, a sum of three squared distances of means, in such units too: of random Fourier features, which is the
  MMD of a Gaussian kernel to within the error of their number; of the columns, at half the weight (many that move a
  little); of all products of two columns and their squares, at 0.3 (few dependences that turn, which distances in many
  dimensions hide).
- *Pairs of columns*, by random Fourier features of two columns each: what is bent, or lies in a column alone.

All are permuted together, so the p-value is exact for any data. Large tables are permuted in bundles of consecutive
rows, which is a subgroup of all permutations and as exact. Columns are scaled by the pooled quartiles, the kernel by
the rows' distances. The weights were chosen on tables like those of `benchmarks/drift` drawn by other seeds: the first
distance alone sees what MMDDrift sees, and the price of all else is paid in many small spreads (a tenth more in all of
twenty columns is seen in 67 % of tables of 300 rows, by MMDDrift in 78 to 80 %).

Assumes: rows are exchangeable if nothing has changed; give block means where they depend on one another.
Source: Gretton et al., "A kernel two-sample test", JMLR 2012; Rahimi & Recht, "Random features for large-scale kernel
machines", NeurIPS 2007; kernels together, each in units of its spread: Biggs, Schrab & Gretton, "MMD-FUSE", NeurIPS
2023. Cost: O(rows · features) for the features, and O(bundles · features) for each permutation, instead of O(rows²).
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

FREQUENCIES = 256
"""Of each of the two views."""
PERMUTATIONS = 999
BUNDLES, LEAST_BUNDLES = 2_000, 50
"""Both tables are permuted in about so many bundles; in more where the smaller would have less than the least."""
COLUMNS, PRODUCTS = 0.5, 0.3
_CUT = 4.0
_QUARTILES = 1.349
_TINY = float(np.finfo(np.float32).tiny)
_NOISE = 1e-8
"""Distances that differ by no more do so by rounding: real ones are spread by a column's share of a row."""
_ROUNDING = 1e-4
"""Of a spread: two permutations that are this near have the same evidence."""

Table = npt.NDArray[np.floating]
Singles = npt.NDArray[np.float32]
Array = npt.NDArray[np.float64]


def mmd_p_value(reference: Table, current: Table, seed: int = 0, permutations: int = PERMUTATIONS) -> float:
    """P-value of "both tables, of shapes (n, d) and (m, d), come from one distribution"; missing values are NaN.

    Raises:
        ValueError: the tables have different columns, or one of them has no rows.

    """
    if reference.ndim != 2 or reference.shape[1:] != current.shape[1:] or not (len(reference) and len(current)):  # noqa: PLR2004  # a table
        raise ValueError(f"tables of shapes {reference.shape} and {current.shape} cannot be compared")
    random = np.random.default_rng(seed)
    values = scaled(np.concatenate([reference, current]))
    permuted = Permuted.draw((len(reference), len(current)), permutations, random)
    columns = standard(values)
    whole = in_spreads(permuted.distances(waves(values, random)))
    whole += COLUMNS * in_spreads(permuted.distances(columns))
    whole += PRODUCTS * in_spreads(_of_products(permuted, columns))
    paired = in_spreads(permuted.distances(waves_of_pairs(values, random)))
    evidence = np.maximum(in_spreads(whole), paired)
    return float(np.mean(evidence >= evidence[0] - _ROUNDING))


@dataclass(frozen=True)
class Permuted:
    """Ways to part the rows of two tables, the one that was seen at first."""

    rows: tuple[int, int]
    size: int
    """Rows of a bundle; what is left over at the end of a table stays in it."""
    first: Singles
    """Which bundles are the first table's, shape (permutations + 1, bundles): 1 or 0."""

    @classmethod
    def draw(cls, rows: tuple[int, int], permutations: int, random: np.random.Generator) -> "Permuted":
        """Draw as many permutations, beside what was seen."""
        size = max(min(sum(rows) // BUNDLES, min(rows) // LEAST_BUNDLES), 1)
        first = np.zeros((permutations + 1, sum(side // size for side in rows)), dtype=np.float32)
        first[:, : rows[0] // size] = 1.0
        random.permuted(first[1:], axis=1, out=first[1:])
        return cls(rows, size, first)

    def distances(self, features: Singles) -> Array:
        """Squared distances of the means of both tables, shape (permutations + 1,)."""
        sides = np.split(features, self.rows[:1])
        whole = [side[: len(side) // self.size * self.size] for side in sides]
        stays = [side[len(part) :].sum(axis=0) for side, part in zip(sides, whole, strict=True)]
        bundles = np.concatenate([part.reshape(-1, self.size, part.shape[1]).sum(axis=1) for part in whole])
        moved = self.first @ bundles
        gaps = (moved + stays[0]) / self.rows[0] - (bundles.sum(axis=0) - moved + stays[1]) / self.rows[1]
        result: Array = np.sum(gaps**2, axis=1, dtype=np.float64)
        return result


def scaled(values: Table) -> Singles:
    """Columns in units of their quartiles, cut at ±4; missing values in the middle."""
    low, middle, high = np.nanquantile(values, [0.25, 0.5, 0.75], axis=0)
    spread = (high - low) / _QUARTILES
    scale = np.where(spread > 0, spread, np.maximum(np.nanstd(values, axis=0), _TINY))
    result: Singles = np.nan_to_num(np.clip((values - middle) / scale, -_CUT, _CUT), nan=0.0).astype(np.float32)
    return result


def waves(values: Singles, random: np.random.Generator) -> Singles:
    """Random Fourier features of a Gaussian kernel of whole rows, shape (rows, 2 · FREQUENCIES)."""
    frequencies = random.normal(size=(values.shape[1], FREQUENCIES)) * np.sqrt(2) / _distance(values)
    return _waves(values @ frequencies.astype(np.float32))


def waves_of_pairs(values: Singles, random: np.random.Generator) -> Singles:
    """The same of two columns each; all pairs have their turn before one has a second."""
    columns = values.shape[1]
    pairs = np.array(list(combinations(range(columns), 2)) or [(0, 0)])
    one, other = pairs[np.resize(random.permutation(len(pairs)), FREQUENCIES)].T
    frequencies, wave = np.zeros((columns, FREQUENCIES), dtype=np.float32), np.arange(FREQUENCIES)
    frequencies[one, wave], frequencies[other, wave] = random.normal(size=(2, FREQUENCIES))
    return _waves(values @ frequencies)


def _waves(angles: Singles) -> Singles:
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1)


def standard(values: Singles) -> Singles:
    """Columns of mean 0 and variance 1, or all 0."""
    centred = values - values.mean(axis=0)
    result: Singles = centred / np.maximum(np.sqrt(np.mean(centred**2, axis=0)), _TINY)
    return result


def in_spreads(distances: Array) -> Array:
    """How far each is from their mean, in standard deviations; about 0 where all are the same but for rounding."""
    result: Array = (distances - distances.mean()) / np.maximum(distances.std(), _NOISE)
    return result


def _of_products(permuted: Permuted, columns: Singles) -> Array:
    """Distances of all products and squares, column by column, so that they need not all be held."""
    parts = (columns[:, at : at + 1] * columns[:, at:] for at in range(columns.shape[1]))
    return sum(map(permuted.distances, parts), start=np.zeros(len(permuted.first)))


def _distance(values: Singles) -> float:
    """Root mean square of the distance of two rows, whatever their order."""
    return float(np.sqrt(2 * values.var(axis=0).sum())) or 1.0
