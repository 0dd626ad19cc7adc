"""Whether two tables of numbers have one joint distribution: the maximum mean discrepancy in milliseconds.

Method. Three distances of means, each in units of its own spread among permutations, are added up:

- of random Fourier features, which is the MMD of a Gaussian kernel whose bandwidth is the median distance, to within
  the error of their number: it sees any change that is large enough;
- of the columns themselves, at half the weight: many that move a little;
- of all products of two columns and their squares, at 0.3: few dependences that change, which distances in many
  dimensions hide.

All are permuted together, so the p-value of the sum is exact for any data. Large tables are permuted in bundles of
consecutive rows, which is a subgroup of all permutations and as exact. Columns are scaled by the pooled quartiles. The
weights were chosen on the tables of `benchmarks/drift`: the first distance alone sees what MMDDrift sees, the others
buy dependences and shifts for a little of what it sees of spreads.

Assumes: rows are exchangeable if nothing has changed; give block means where they depend on one another.
Source: Gretton et al., "A kernel two-sample test", JMLR 2012; Rahimi & Recht, "Random features for large-scale kernel
machines", NeurIPS 2007; kernels together, each in units of its spread: Biggs, Schrab & Gretton, "MMD-FUSE", NeurIPS
2023. Cost: O(rows · features) for the features, and as much for each permutation of some 2,000 bundles, instead of
O(rows² · permutations).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FREQUENCIES = 256
PERMUTATIONS = 999
BUNDLES = 1_000
"""The smaller table is permuted in so many bundles, or up to twice as many; or row by row if it has fewer rows."""
WAVES, COLUMNS, PRODUCTS = 1.0, 0.5, 0.3
_PAIRED_ROWS = 1_000
_CUT = 4.0
_QUARTILES = 1.349
_TINY = float(np.finfo(np.float32).tiny)
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
    evidence = (
        WAVES * in_spreads(permuted.distances(waves(values, random)))
        + COLUMNS * in_spreads(permuted.distances(standard(values)))
        + PRODUCTS * in_spreads(_of_products(permuted, values))
    )
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
        size = max(min(rows) // BUNDLES, 1)
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
    """Random Fourier features of a Gaussian kernel, shape (rows, 2 · FREQUENCIES)."""
    frequencies = random.normal(size=(values.shape[1], FREQUENCIES)) * np.sqrt(2) / _median_distance(values, random)
    angles = values @ frequencies.astype(np.float32)
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1)


def standard(values: Singles) -> Singles:
    """Columns of mean 0 and variance 1, or all 0."""
    centred = values - values.mean(axis=0)
    result: Singles = centred / np.maximum(np.sqrt(np.mean(centred**2, axis=0)), _TINY)
    return result


def in_spreads(distances: Array) -> Array:
    """How far each is from their mean, in standard deviations; 0 where all are the same."""
    result: Array = (distances - distances.mean()) / np.maximum(distances.std(), _TINY)
    return result


def _of_products(permuted: Permuted, values: Singles) -> Array:
    """Distances of all products and squares, column by column, so that they need not all be held."""
    columns = standard(values)
    parts = (columns[:, at : at + 1] * columns[:, at:] for at in range(columns.shape[1]))
    return sum(map(permuted.distances, parts), start=np.zeros(len(permuted.first)))


def _median_distance(values: Singles, random: np.random.Generator) -> float:
    one, other = (values[random.integers(0, len(values), _PAIRED_ROWS)] for _ in range(2))
    return float(np.median(np.linalg.norm(one - other, axis=1))) or 1.0
