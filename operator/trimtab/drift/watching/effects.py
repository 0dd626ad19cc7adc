"""How far a feature has moved, in a unit that can be compared between features.

Numbers: the Wasserstein distance in units of the reference's scale (about: standard deviations moved on average), from
the shares at the deciles. Between the first and the last it is exact for what the deciles show; what moved only beyond
them is not seen, so it is a lower bound. Categories: the Jensen-Shannon divergence in bits, 0 to 1.
"""

import numpy as np

from trimtab.drift.betting.bet import Array
from trimtab.drift.reference.features import Feature


def distance(feature: Feature, reference: Array, live: Array) -> float:
    """Distance of two rows of shares in the order of `Feature.quantities`; the share missing is left out."""
    if feature.categories is None:
        return wasserstein(np.array(feature.edges), reference[:-1], live[:-1]) / feature.scale
    return jensen_shannon(reference[:-1], live[:-1])


def wasserstein(edges: Array, reference: Array, live: Array) -> float:
    """Area between two distribution functions known at `edges`, shapes (n,)."""
    gap = np.abs(live - reference)
    if edges.size < 2:  # noqa: PLR2004  # no area without a width
        return 0.0
    widths = np.diff(edges)
    return float(np.sum((gap[1:] + gap[:-1]) / 2 * widths))


def jensen_shannon(reference: Array, live: Array) -> float:
    """Divergence of two rows of shares, in bits; each is scaled to sum to 1."""
    p, q = (np.maximum(shares, 0) / max(float(np.sum(np.maximum(shares, 0))), 1e-12) for shares in (reference, live))
    middle = (p + q) / 2
    return (_relative_entropy(p, middle) + _relative_entropy(q, middle)) / 2


def _relative_entropy(p: Array, q: Array) -> float:
    held = p > 0
    return float(np.sum(p[held] * np.log2(p[held] / q[held])))
