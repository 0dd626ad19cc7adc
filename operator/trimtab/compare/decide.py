"""What a measured feature proves: drifted, stable, or neither.

Claim by claim: share k moved by Δ, known with standard error s. "It moved by more than the tolerance" is wrong with
chance P(T ≥ (|Δ| - tolerance) / s) at most, T being Student's (`proof.py`). A feature has drifted when the surest of
its K claims, times K, times the number of features F (Bonferroni), is still below the rate: P(any feature is called
drifted that is not) ≤ rate. It is stable when of each share "it moved by less" is as sure, times F (an intersection of
claims needs no correction; Berger 1982). All else is Unknown: more rows, or a wider tolerance, would tell. So is a
feature of which more rows than the tolerance may have moved where no share shows it: among its rare categories.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trimtab.compare.measuring.measured import Measured, Picture
from trimtab.compare.proof import chances, half_width
from trimtab.compare.shares import Array
from trimtab.compare.table import Kind

Verdict = Literal["Drifted", "Unknown", "Stable"]

MIN_ROWS = 50
"""Rows with a value on either side; with fewer nothing is said, save of the share missing."""


@dataclass(frozen=True)
class Terms:
    """What is asked."""

    tolerance: float = 0.1
    """How far a share of rows may move."""
    rate: float = 0.01
    """Chance that anything is called drifted, or stable, that is not."""


@dataclass(frozen=True)
class Drift:
    """What is known of one feature."""

    feature: str
    kind: Kind
    verdict: Verdict
    certainty: float | None
    """Chance, at least, that the verdict is right in the face of all features looked at; None for Unknown."""
    distance: float
    """Wasserstein in units of the reference's scale, or Jensen–Shannon for categories."""
    quantity: str
    """The share that moved most surely, or furthest."""
    reference: float
    current: float
    low: float
    high: float
    """An interval for its move, current less reference, that holds for all features at once."""
    missing_reference: float
    missing_current: float
    picture: Picture
    unseen: float = 0.0
    """Share of rows in categories too many to be watched one by one."""

    @property
    def effect(self) -> float:
        """The greater of the distance and the change of the share missing, by which features are ranked."""
        return float(np.nanmax([self.distance, abs(self.missing_current - self.missing_reference)]))


def decide(feature: str, kind: Kind, measured: Measured, features: int, terms: Terms) -> Drift:
    """Say what one of so many features proves."""
    before, now = measured.reference, measured.current
    move, trusted = now.mean - before.mean, _trusted(measured)
    beyond, within = (np.where(trusted, chance, 1.0) for chance in chances(measured, terms.tolerance))
    if measured.unseen > terms.tolerance:
        within[:] = 1.0
    verdict, certainty = _verdict(beyond * move.size * features, within * features, terms.rate)
    at = int(np.lexsort((-np.abs(move), beyond))[0])
    half = half_width(measured, at, terms.rate / (move.size * features))
    return Drift(
        feature,
        kind,
        verdict,
        certainty,
        measured.distance,
        measured.quantities[at],
        float(before.mean[at]),
        float(now.mean[at]),
        max(float(move[at]) - half, -1.0),
        min(float(move[at]) + half, 1.0),
        float(before.mean[-1]),
        float(now.mean[-1]),
        measured.picture,
        measured.unseen,
    )


def _verdict(beyond: Array, within: Array, rate: float) -> tuple[Verdict, float | None]:
    if beyond.min() <= rate:
        return "Drifted", 1 - float(beyond.min())
    if within.max() <= rate:
        return "Stable", 1 - float(within.max())
    return "Unknown", None


def _trusted(measured: Measured) -> Array:
    """Which shares have rows enough to speak, shape (K,); the share missing is of all rows and comes last."""
    enough = min(measured.reference.rows, measured.current.rows) >= MIN_ROWS
    trusted: Array = np.array([enough] * (len(measured.quantities) - 1) + [True])
    return trusted
