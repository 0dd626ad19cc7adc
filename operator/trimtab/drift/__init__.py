"""Drift and promotion decided by evidence: numbers in, verdict out; no clock, no clients, no Kubernetes.

Words: a *block* is a set of rows that depend on one another (a day, a window) and counts as one observation;
a *quantity* is one number a block has (a share, a loss); an *e-value* is the wealth of a gambler who bets against
"nothing has changed": if that is true, the chance that the wealth ever reaches 1/α is at most α.

    profile.py  what training promises     counts.py  what a window holds      sums.py  losses of a window
    reference.py  its uncertainty          bet.py     the gambler              interval.py  an interval at any time
    watch.py    has the world drifted?     judge.py   is the candidate better?
"""

from trimtab.drift.counts import WindowCounts, count
from trimtab.drift.judge import Gate, Judge, Reading, Ruling
from trimtab.drift.profile import Outcomes, Profile
from trimtab.drift.sums import LabelSums, PairedSums
from trimtab.drift.track import Finding, Verdict
from trimtab.drift.watch import Watch, WatchSettings

__all__ = [
    "Finding",
    "Gate",
    "Judge",
    "LabelSums",
    "Outcomes",
    "PairedSums",
    "Profile",
    "Reading",
    "Ruling",
    "Verdict",
    "Watch",
    "WatchSettings",
    "WindowCounts",
    "count",
]
