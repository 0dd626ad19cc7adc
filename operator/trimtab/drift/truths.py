"""What the world at training may have been, given that the reference is a sample of it.

A reference of 2,000 rows is not the truth, and a monitor that forgets it cries wolf for ever. Nor need it fear the
worst at all times: a truth far from the reference is itself unlikely. So each quantity is tested against a ladder of
possible truths, from the reference's own value outwards, and a truth that the reference speaks against counts as
refuted so far already. Evidence is what is left when the truth is taken that explains reference and stream best.

Method. `exp(-level)` bounds the chance that the truth is further out than a rung (one side). Such a p-value p becomes
an e-value by (1 - p + p·ln p) / (p·ln²p), here `log_credit`. The e-value of the reference against a truth, times the
stream's against the same truth, is an e-value against it, as the two are independent; the least of the products over
all truths is one whatever the truth is (universal inference). Between two rungs the credit is the inner one's, the bet
is against the outer one. Truths beyond the last rung are left out at the price of `error`, over all quantities.

Source: Wasserman, Ramdas & Balakrishnan, "Universal inference", PNAS 2020; Vovk & Wang, "E-values", AoS 2021, for the
calibrator. Cost: as many bets as rungs.
"""

import numpy as np

from trimtab.drift.bet import Array

_RUNGS = (0.2, 0.5, 1.0, 2.0, 3.5, 5.5, 8.5)
_LEAST_STEP = 1.0


def ladder(quantities: int, error: float) -> Array:
    """Levels of the rungs, outwards, shape (G,); beyond the last is a truth of any of the quantities by `error`."""
    last = float(np.log(2 * max(quantities, 1) / error))
    return np.array([*_RUNGS, max(last, _RUNGS[-1] + _LEAST_STEP)])


def log_credit(levels: Array) -> Array:
    """What the reference says against the truths between each rung and the one before, shape (G,)."""
    inner = np.concatenate([[0.0], levels[:-1]])
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (np.expm1(inner) - inner) / inner**2
    result: Array = np.log(np.where(inner > 0, value, 0.5))
    return result
