"""Evidence that the stream has left what is claimed, for a change that may begin with any window.

Method. At each window a new gambler enters with capital `w_t`, Σ w_t ≤ 1, and bets against the claim from there on (an
e-detector): wealth ← (wealth + w_t) · factor, O(1) a window. Wealth plus the capital still to come is a supermartingale
that starts at 1, so P(wealth ever ≥ 1/α) ≤ α (Ville). A quantity's evidence is the least over the possible truths
(`truths.py`) of the mean over bets; the whole is the average of quantities by `prior`: valid however they depend on one
another. All wealth is cut in proportion at a cap: that keeps the property, and an alarm ends soon after the drift does.

Source: Shin, Ramdas & Rinaldo, "E-detectors", NEJSDS 2024. Cost: O(quantities · truths · bets) a window and of state.
"""

import base64
from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, log
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.bet import Array, Json
from trimtab.drift.betting.claim import Claim
from trimtab.drift.betting.observation import Observation

_EXPECTED = 10.0
"""Changes are bet on most in about so many first windows; later ones cost the more logarithms of time."""
_MOST = 1e200
_MOST_LOG = 300.0
_SIGHTED = 1
"""The bet by which a change is dated."""


@dataclass(frozen=True)
class Terms:
    """What the evidence is weighed against: the claim, and the capital of each side (K, 2).

    The capital sums to 1; none leaves a side unwatched.
    """

    claim: Claim
    prior: Array
    log_cap: float = inf

    @cached_property
    def credit(self) -> Array:
        """What the reference itself says against each truth, shape (G, K, 2)."""
        result: Array = np.exp(self.claim.log_credit)
        return result


@dataclass(frozen=True)
class Wealth:
    """The gamblers after some windows. `bets` has shape (G, J, K, 2) as in `claim.py`, the others (K, 2)."""

    windows: int
    bets: Array
    climb: Array
    """Logarithm of the best wealth that any entry would have brought with one bet, against a truth not far from the
    reference; its start is `since`."""
    since: npt.NDArray[np.int64]
    """Number (from 1) of the window in which the change that each side bets on probably began."""
    total: Array
    """Sum of the quantity since then."""
    rows: Array
    """Rows with a value since then."""
    evidence: float = 0.0
    """The whole e-value, cut at the cap."""

    @classmethod
    def none(cls, claim: Claim) -> Self:
        """Before the first window."""
        pairs = claim.shape[2:]
        none = np.zeros(pairs)
        return cls(0, np.zeros(claim.shape), none, np.zeros(pairs, dtype=np.int64), none, none)

    @cached_property
    def live(self) -> Array:
        """Mean of each quantity since its change, by side, shape (K, 2)."""
        result: Array = self.total / np.maximum(self.rows, 1)
        return result

    @property
    def log_evidence(self) -> float:
        return log(self.evidence) if self.evidence > 0 else -inf

    def fold(self, terms: Terms, seen: Observation) -> Self:
        """Add one window; a quantity without rows in it neither wins nor loses."""
        fresh, number = self.climb <= 0, self.windows + 1
        factors = terms.claim.log_factors(seen)
        climb = np.minimum(np.maximum(self.climb, 0.0) + factors[len(factors) // 3, _SIGHTED], terms.log_cap)
        bets = _grown(self.bets + start_weight(number), factors)
        evidence, most = _evidence(bets, terms), exp(min(terms.log_cap, _MOST_LOG))
        if evidence > most:
            bets *= most / evidence
        return type(self)(
            windows=number,
            bets=bets,
            climb=climb,
            since=np.where(fresh, number, self.since),
            total=np.where(fresh, 0.0, self.total) + seen.total[:, None],
            rows=np.where(fresh, 0.0, self.rows) + seen.rows[:, None],
            evidence=min(evidence, most),
        )

    def to_json(self) -> Json:
        """Return plain JSON values; the bets are little-endian float64 in base64, to the last bit."""
        bets = base64.b64encode(self.bets.astype("<f8").tobytes()).decode()
        lists = {key: getattr(self, key).tolist() for key in ("climb", "since", "total", "rows")}
        shape = list(self.bets.shape)
        return {"windows": self.windows, "evidence": self.evidence, "shape": shape, "bets": bets, **lists}

    @classmethod
    def from_json(cls, state: Json) -> Self:
        """Read what `to_json` wrote."""
        flat = np.frombuffer(base64.b64decode(str(state["bets"])), dtype="<f8").astype(np.float64)
        climb, total, rows = (np.array(state[key], dtype=np.float64) for key in ("climb", "total", "rows"))
        since = np.array(state["since"], dtype=np.int64)
        windows, evidence = int(state["windows"]), float(state["evidence"])  # type: ignore[call-overload, arg-type]
        return cls(windows, flat.reshape(state["shape"]), climb, since, total, rows, evidence)  # type: ignore[call-overload]


def start_weight(number: int) -> float:
    """Capital of the gambler who enters at window `number` ≥ 1; all together have 1."""
    start = number - 1 + _EXPECTED
    return float(np.sqrt(_EXPECTED) * (start**-0.5 - (start + 1) ** -0.5))


def _grown(bets: Array, log_factors: Array) -> Array:
    """Multiply in place: these are the largest arrays there are."""
    with np.errstate(over="ignore"):
        bets *= np.exp(log_factors, out=log_factors)
    return np.minimum(bets, _MOST, out=bets)


def _evidence(bets: Array, terms: Terms) -> float:
    by_truth = bets.mean(axis=1)
    by_truth *= terms.credit
    return float(np.sum(by_truth.min(axis=0) * terms.prior))
