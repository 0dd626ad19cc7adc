"""What is told of a history beside its labels' truth: what was seen, how late, and what was missed."""

from dataclasses import dataclass

import numpy as np

from benchmarks.drift.rows.real import lateness

DAYS = np.repeat([f"2013-0{month}-{day:02}" for month in (3, 4) for day in range(1, 31)], 2)


@dataclass
class Months:
    """Two months of thirty days."""

    windows: np.ndarray
    periods: np.ndarray


MONTHS = Months(DAYS, np.array([day[:7] for day in DAYS]))


def test_an_alarm_is_late_by_the_days_since_its_month_began():
    assert lateness({"inputs": "2013-04-03"}, MONTHS, ["2013-04"]) == {
        "2013-04": "inputs in window 3 of it, labels missed it"
    }


def test_an_alarm_before_a_month_is_told_as_early_and_one_after_it_as_a_miss():
    alarms = {"inputs": "2013-03-29", "labels": "2013-04-01"}
    assert lateness(alarms, MONTHS, ["2013-04", "2013-03"]) == {
        "2013-04": "inputs before it, by 2, labels in window 1 of it",
        "2013-03": "inputs in window 29 of it, labels missed it",
    }
