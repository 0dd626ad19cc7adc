"""What the world at training may have been, given that the reference is a sample of it.

A reference of 2,000 rows is not the truth, and a monitor that forgets it cries wolf for ever. Nor need it fear the
worst at all times: a truth far from the reference is itself unlikely. So each quantity is tested against a ladder of
possible truths, from the reference's own value outwards, and a truth that the reference speaks against counts as
refuted so far already. Evidence is what is left when the truth is taken that explains reference and stream best.

Method. The e-value of the reference against a truth, times the stream's against the same truth, is an e-value against
it, as the two are independent; the least of the products over all truths is one whatever the truth is (universal
inference). Between two rungs the reference's is that of the inner one, the stream's that of the outer one. Truths
beyond the last rung are left out at the price of `error`, over all quantities: `exp(-level)` bounds the chance that the
truth is further out than a level, on one side.

The reference's e-value compares the truth with others about as far from it as the reference's own standard error times
√`WIDTH`: a mixture by a beta distribution for a share, by a normal one in units of the spread for a mean of blocks.

Source: Wasserman, Ramdas & Balakrishnan, "Universal inference", PNAS 2020; Wang & Ramdas, "Anytime-valid t-tests",
2024, for means of blocks. Cost: as many bets as rungs.
"""

import numpy as np

from trimtab.drift.betting.bet import Array

WIDTH = 4.0
_RUNGS = (0.1, 0.3, 0.7, 1.2, 1.9, 2.8, 4.0, 5.5, 8.0)
_LEAST_STEP = 1.0
_SHIFT = 8


def ladder(quantities: int, error: float) -> Array:
    """Levels of the rungs, outwards, shape (G,); beyond the last is a truth of any of the quantities by `error`."""
    last = float(np.log(2 * max(quantities, 1) / error))
    return np.array([*_RUNGS, max(last, _RUNGS[-1] + _LEAST_STEP)])


def credit_of_share(hits: Array, rows: Array, truth: Array) -> Array:
    """Logarithm of the evidence of `hits` of `rows` (K,) against a truth (G, K)."""
    inner = (truth > 0) & (truth < 1) & (rows > 0)
    p, n = np.where(inner, truth, 0.5), np.maximum(rows, 1)
    one, other = p * n / WIDTH, (1 - p) * n / WIDTH
    mixed = _log_beta(hits + one, rows - hits + other) - _log_beta(one, other)
    result: Array = np.where(inner, mixed - hits * np.log(p) - (rows - hits) * np.log1p(-p), -np.log(1 + WIDTH) / 2)
    return result


def credit_of_mean(steps: Array, freedom: Array) -> Array:
    """Logarithm of the evidence of a mean that is `steps` (G, K) standard errors off, with so many degrees (K,)."""
    squares = steps**2 / freedom
    gain = np.log1p(squares) - np.log1p(squares / (1 + WIDTH))
    result: Array = (freedom + 1) / 2 * gain - np.log(1 + WIDTH) / 2
    return result


def _log_beta(a: Array, b: Array) -> Array:
    return _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)


def _log_gamma(x: Array) -> Array:
    """Logarithm of the gamma function by Stirling's series, for x > 0; to ten digits."""
    z = x + _SHIFT
    series = (z - 0.5) * np.log(z) - z + np.log(2 * np.pi) / 2 + 1 / (12 * z) - 1 / (360 * z**3) + 1 / (1260 * z**5)
    result: Array = series - np.sum(np.log(x[..., None] + np.arange(_SHIFT)), axis=-1)
    return result
