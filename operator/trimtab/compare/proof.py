"""How surely a share moved by more than the tolerance, or by less.

The standard errors of both sides make one by Welch and Satterthwaite, and Student's distribution tells the chance.

A share that was the same in all blocks of a side has no standard error, which is ignorance and not certainty: that no
day of eight lacked a value does not show that every tenth does not. Its truth is bounded by Chernoff's inequality, each
block being one observation between 0 and 1, as the watch does (`trimtab.drift.reference.quantities`). There each side
may be wrong with half of the chance, on a grid of chances.
"""

import numpy as np
from scipy.stats import t as student

from trimtab.compare.measuring.measured import Measured
from trimtab.compare.shares import Array, Shares
from trimtab.drift.reference.quantities import truth_of_share

_LEVELS = np.arange(np.log(2), 35, 0.5)
"""A side is wrong with chance exp(-level): from one half, where nothing is claimed, to what no test can promise."""
_FLAT = 1e-9


def chances(measured: Measured, tolerance: float) -> tuple[Array, Array]:
    """Chances, at most, that "it moved by more" and "it moved by less" are wrong of each share, shapes (K,)."""
    move = np.abs(measured.current.mean - measured.reference.mean)
    error, freedom = _difference(measured)
    # Either way: a share that did not move passes a small tolerance upwards as well as downwards.
    beyond = student.sf((move - tolerance) / error, freedom) + student.sf((move + tolerance) / error, freedom)
    within = student.sf((tolerance - move) / error, freedom)
    flat = np.flatnonzero(_flat(measured.reference) | _flat(measured.current))
    if flat.size:  # of rows that stand alone none is, and there are many features
        reach = _reach(measured, flat, _LEVELS)
        beyond[flat], within[flat] = _least(move[flat] - reach > tolerance), _least(move[flat] + reach < tolerance)
    return beyond, within


def half_width(measured: Measured, at: int, chance: float) -> float:
    """Half of an interval that holds the move of one share but for a chance."""
    if _flat(measured.reference)[at] or _flat(measured.current)[at]:
        return float(_reach(measured, np.array([at]), np.log([4 / chance]))[0, 0])
    error, freedom = _difference(measured)
    return float(student.isf(chance / 2, freedom[at]) * error[at])


def _flat(side: Shares) -> np.ndarray:
    return side.error < _FLAT


def _difference(measured: Measured) -> tuple[Array, Array]:
    """Standard error of the move and its degrees of freedom."""
    sides = (measured.reference, measured.current)
    variances = [side.error**2 for side in sides]
    total = np.maximum(variances[0] + variances[1], _FLAT**2)
    weighed = sum(v**2 / np.maximum(side.freedom, 1) for v, side in zip(variances, sides, strict=True))
    return np.sqrt(total), np.minimum(total**2 / np.maximum(weighed, 1e-300), 1e9)


def _reach(measured: Measured, at: np.ndarray, levels: Array) -> Array:
    """How far from the move seen the true one is at most, by level and share, shape (G, K)."""
    return _side(measured.reference, at, levels) + _side(measured.current, at, levels)


def _side(side: Shares, at: np.ndarray, levels: Array) -> Array:
    mean, blocks = side.mean[at], side.freedom[at] + 1
    down, up = (truth_of_share(mean * blocks, blocks, levels, to) for to in (-1, 1))
    steps = student.isf(np.exp(-levels)[:, None], np.maximum(side.freedom[at], 1))
    reach: Array = np.where(_flat(side)[at], np.maximum(mean - down, up - mean), steps * side.error[at])
    return reach


def _least(holds: np.ndarray) -> Array:
    """The least chance of the levels at which a claim holds, 1 if at none; both sides count."""
    last = np.sum(holds, axis=0) - 1
    return np.where(last >= 0, 2 * np.exp(-_LEVELS[last]), 1.0)
