"""Metrics of probabilities on held-out rows. Labels are 0 and 1, both present; all arrays of shape (rows,)."""

import numpy as np
import numpy.typing as npt

from trimtab.drift.sums import log_loss

Labels = npt.NDArray[np.int64]
Probabilities = npt.NDArray[np.float64]


def measure(labels: Labels, probabilities: Probabilities) -> dict[str, float]:
    """All metrics a gate may name. The calibration gap is the share of ones less the promised share."""
    return {
        "auc": auc(labels, probabilities),
        "logLoss": float(np.mean(log_loss(labels, probabilities))),
        "brier": float(np.mean((probabilities - labels) ** 2)),
        "accuracy": float(np.mean((probabilities >= 0.5) == labels)),  # noqa: PLR2004  # the likelier class
        "calibrationGap": float(np.mean(labels) - np.mean(probabilities)),
    }


def auc(labels: Labels, probabilities: Probabilities) -> float:
    """Area under the ROC curve: the chance that a one is ranked above a zero, ties by half (Mann-Whitney)."""
    _, place, count = np.unique(probabilities, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    ones = int(labels.sum())
    zeros = labels.size - ones
    return float((rank[labels == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros))
