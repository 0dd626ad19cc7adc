"""Drift and promotion decided by evidence: numbers in, verdict out; no clock, no clients, no Kubernetes.

Words: a *block* is a set of rows that depend on one another (a day, a window) and counts as one observation;
a *quantity* is one number a block has (a share, a loss); an *e-value* is the wealth of a gambler who bets against
"nothing has changed": if that is true, the chance that the wealth ever reaches 1/α is at most α.

    profile.py    what training promises          counts.py    what a window holds      sums.py  its losses
    features.py   the shares that are watched     waves.py     what no feature sees alone
    reference.py  how sure the promise is         truths.py    all it leaves possible
    claim.py      what is bet on                  detector.py  the gamblers, for ever       sides.py  what they share
    thin.py       what few rows vary by           track.py     what they say, in words  effects.py   how far it moved
    tested.py     what detectors of others say    sample.py    the rows that they are shown
    watch.py      has the world drifted?          joint.py     are two tables of one world?
    judge.py      is the candidate better?        harms.py     what it may do worse
    pairs.py      what is known of that           interval.py  and between which ends it lies
    bet.py        what all bets have in common    observation.py  what one window says
    calibration.py  what a score means, and so how good a version is without labels   performance.py  in which numbers
"""

from trimtab.drift.calibration import Calibration, Estimate
from trimtab.drift.counts import WindowCounts, count
from trimtab.drift.judge import Gate, Judge, Reading, Ruling
from trimtab.drift.profile import PREDICTION, Outcomes, Profile
from trimtab.drift.sides import WatchSettings
from trimtab.drift.sums import LabelSums, PairedSums
from trimtab.drift.track import Finding, Verdict
from trimtab.drift.watch import Watch

__all__ = [
    "PREDICTION",
    "Calibration",
    "Estimate",
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
