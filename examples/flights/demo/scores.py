"""AUC by month, of answers whose labels are known."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from statistics import fmean

from sklearn.metrics import roc_auc_score

Scored = tuple[date, list[float], list[int]]  # a day, the chances answered, the labels


def by_month(days: Iterable[Scored]) -> dict[str, float]:
    """AUC of each month that has both labels, in order; months are written 2013-03."""
    chances: dict[str, list[float]] = defaultdict(list)
    labels: dict[str, list[int]] = defaultdict(list)
    for day, answered, seen in days:
        month = day.strftime("%Y-%m")
        chances[month] += answered
        labels[month] += seen
    return {
        month: float(roc_auc_score(labels[month], chances[month]))
        for month in sorted(labels)
        if len(set(labels[month])) == 2  # noqa: PLR2004  # both of 0 and 1
    }


def mean(months: dict[str, float]) -> float:
    """The mean of the months, each counting the same; NaN without any."""
    return fmean(months.values()) if months else float("nan")
