"""Whether two tables of numbers have one joint distribution: the maximum mean discrepancy in milliseconds.

Method. The distance of the means of random Fourier features, which is the MMD of a Gaussian kernel to within the error
of their number; its null distribution by permuting the rows, so the p-value is exact for any data. Half of the features
look at all columns at once, with the median distance as bandwidth; half at pairs of columns, where a change of their
dependence shows that the distance in many dimensions hides. Columns are scaled by the pooled quartiles.

Assumes: rows are exchangeable if nothing has changed; give block means where they depend on one another.
Source: Gretton et al., "A kernel two-sample test", JMLR 2012; Rahimi & Recht, "Random features for large-scale kernel
machines", NeurIPS 2007. Cost: O(rows · features · permutations) multiplications in one matrix product, instead of
O(rows² · permutations).
"""

import numpy as np
import numpy.typing as npt

FREQUENCIES = 128
PERMUTATIONS = 199
_PAIRED_ROWS = 1_000
_CUT = 4.0
_QUARTILES = 1.349

Table = npt.NDArray[np.floating]
Singles = npt.NDArray[np.float32]


def mmd_p_value(reference: Table, current: Table, seed: int = 0, permutations: int = PERMUTATIONS) -> float:
    """P-value of "both tables, of shapes (n, d) and (m, d), come from one distribution"; missing values are NaN.

    Raises:
        ValueError: the tables have different columns, or one of them has no rows.

    """
    if reference.ndim != 2 or reference.shape[1:] != current.shape[1:] or not (len(reference) and len(current)):  # noqa: PLR2004  # a table
        raise ValueError(f"tables of shapes {reference.shape} and {current.shape} cannot be compared")
    random = np.random.default_rng(seed)
    waves = features(scaled(np.concatenate([reference, current])), random)
    first = np.zeros((permutations + 1, len(waves)), dtype=np.float32)
    first[:, : len(reference)] = 1.0
    random.permuted(first[1:], axis=1, out=first[1:])
    sums, total = first @ waves, waves.sum(axis=0)
    gaps = sums / len(reference) - (total - sums) / len(current)
    distances = np.sum(gaps**2, axis=1)
    return float(np.mean(distances >= distances[0]))


def scaled(values: Table) -> Singles:
    """Columns in units of their quartiles, cut at ±4; missing values in the middle."""
    low, middle, high = np.nanquantile(values, [0.25, 0.5, 0.75], axis=0)
    spread = (high - low) / _QUARTILES
    scale = np.where(spread > 0, spread, np.maximum(np.nanstd(values, axis=0), np.finfo(np.float32).tiny))
    result: Singles = np.nan_to_num(np.clip((values - middle) / scale, -_CUT, _CUT), nan=0.0).astype(np.float32)
    return result


def features(values: Singles, random: np.random.Generator) -> Singles:
    """Random Fourier features, shape (rows, 2 · FREQUENCIES)."""
    columns, half = values.shape[1], FREQUENCIES // 2
    dense = random.normal(size=(columns, half)) / _median_distance(values, random)
    sparse = np.zeros((columns, half))
    for wave in range(half):
        pair = random.choice(columns, min(2, columns), replace=False)
        sparse[pair, wave] = random.normal(size=pair.size)
    angles = values @ np.concatenate([dense, sparse], axis=1).astype(np.float32)
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1)


def _median_distance(values: Singles, random: np.random.Generator) -> float:
    one, other = (values[random.integers(0, len(values), _PAIRED_ROWS)] for _ in range(2))
    return float(np.median(np.linalg.norm(one - other, axis=1))) or 1.0
