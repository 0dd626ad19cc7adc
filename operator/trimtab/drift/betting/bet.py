"""What all bets here have in common.

A gambler who stakes the fraction f of his wealth against "the mean of x is at most h", where x is never below l, has
`1 + f·(x - h)/(h - l)` times as much after it: never less than nothing, and no more in expectation while the claim
holds. As the best stake is not known, equal shares of the wealth are staked on a fixed grid; the mean of the wealths is
what counts. Source: Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting", JRSS-B 2024.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Json = dict[str, object]

STAKES = np.array([0.9, 0.3, 0.1])
"""Fractions of the wealth that are staked: from sudden changes to slow ones."""


def log_wealth(total: Array, squares: Array, stakes: npt.NDArray[np.floating]) -> Array:
    """Least logarithm of ∏(1 + λx), where no x is below -1, from sum and squares of x: λX - ψ(λ)Y, see `means.py`."""
    result: Array = total * stakes + squares * (np.log1p(-stakes) + stakes)
    return result


def log_mean(logs: Array) -> Array:
    """Logarithm of the mean over the last axis."""
    result: Array = np.logaddexp.reduce(logs, axis=-1) - np.log(logs.shape[-1])
    return result
