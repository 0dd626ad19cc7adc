"""Drift and promotion decided by evidence: numbers in, verdict out; no clock, no clients, no Kubernetes.

Words: a *block* is a set of rows that depend on one another (a day, a window) and counts as one observation;
a *quantity* is one number a block has (a share, a loss); an *e-value* is the wealth of a gambler who bets against
"nothing has changed": if that is true, the chance that the wealth ever reaches 1/α is at most α.

    watching/   has the world drifted?
                watch: the verdict after each window; counts: what a window holds; sides: what is claimed of a version;
                track: what the evidence says, in words; effects: how far it moved; tested: detectors of others
    judging/    is the candidate better?
                judge: the ruling; harms: what it may do worse; pairs: what is known of that; interval: its two ends
    reference/  what training promises
                profile: all of it; features: the shares that are watched; kinds: how rows are counted in them;
                layout: all of them in order; waves: what no feature sees alone;
                quantities: how sure each is; calibration: what a score means; performance: in which numbers;
                sample: the rows that detectors of others are shown
    betting/    evidence that lasts
                claim: what is bet on; wealth: the gamblers, for ever; means: bets on a loss, row by row; truths: all
                that a reference leaves possible; thin: what few rows vary by; observation: what one window says
    sums.py     losses of a window, as integers          joint.py   are two tables of one world?
"""

from trimtab.drift.judging.judge import Gate, Judge, Reading, Ruling
from trimtab.drift.reference.calibration import Calibration, Estimate
from trimtab.drift.reference.profile import PREDICTION, Outcomes, Profile
from trimtab.drift.sums import LabelSums, PairedSums
from trimtab.drift.watching.counts import WindowCounts, count
from trimtab.drift.watching.sides import WatchSettings
from trimtab.drift.watching.track import Finding, Verdict
from trimtab.drift.watching.watch import Watch

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
