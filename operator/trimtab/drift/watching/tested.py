"""Evidence from tests that others make (an alibi-detect detector): a p-value of each subject and window is bet against.

Method. If nothing has changed, a p-value p is uniform or greater, so the bet κ·p^(κ-1) is worth no more than 1 in
expectation, for any 0 < κ < 1 (a calibrator). The bets are one more claim of the same gamblers who bet on shares, so
`P(ever a false alarm) ≤ rate` holds here as well, which p-values that are looked at again and again do not give.

That needs p-values that are independent from window to window, and those against one fixed reference are not: its own
error is in all of them. So each window is compared with a reference that takes rows of it in afterwards (`renewed`).
Given which rows the two hold together, which of them were the window's is as good as drawn; that makes this p-value,
and what is kept for later does not depend on it. Once there is an alarm nothing is taken in: the guarantee is about the
first, and it lasts as long as the change does.

Assumes: rows stand alone; a detector takes those of one day for as many observations.
Source: Vovk & Wang, "E-values: calibration, combination and applications", Annals of Statistics 2021; Vovk, Gammerman &
Shafer, "Algorithmic learning in a random world", 2005, ch. 8, for the independence. Cost: nothing beside the detector.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from trimtab.drift.betting.bet import Array
from trimtab.drift.betting.observation import Observation
from trimtab.drift.betting.wealth import Terms
from trimtab.drift.reference.profile import Profile
from trimtab.drift.reference.waves import Singles
from trimtab.drift.watching.sides import JOINT, LOG_EXCESS, WatchSettings, rate_of_data
from trimtab.drift.watching.track import Side

CALIBRATORS = np.array([0.1, 0.3, 0.5])
"""Exponents κ: from few small p-values to many that are not so small."""

ROWS = 200
"""Rows of a window that are tested, at most."""

Sees = Literal["numbers", "categories", "features", "rows"]
DETECTORS: dict[str, Sees] = {
    "KSDrift": "numbers",
    "ChiSquareDrift": "categories",
    "TabularDrift": "features",
    "MMDDrift": "rows",
    "LSDDDrift": "rows",
    "MMDDriftOnline": "rows",
    "LSDDDriftOnline": "rows",
}
"""What each detector has a p-value of: single features of a kind, or whole rows."""

_LEAST = 1e-300


@dataclass(frozen=True)
class UniformClaim:
    """The claim "p-values are uniform" of so many subjects; only smaller ones speak against it."""

    subjects: int

    @property
    def shape(self) -> tuple[int, ...]:
        return 1, CALIBRATORS.size, self.subjects, 2

    @property
    def log_credit(self) -> Array:
        return np.zeros((1, self.subjects, 2))

    @property
    def refutable(self) -> Array:
        return np.tile([0.0, 1.0], (self.subjects, 1))

    def log_factors(self, seen: Observation) -> Array:
        factors, known = np.zeros(self.shape), seen.rows > 0
        log_p = np.log(np.clip(seen.mean[known], _LEAST, 1.0))
        factors[0, :, known, 1] = np.log(CALIBRATORS) + (CALIBRATORS - 1) * log_p[:, None]
        return factors


def subjects_of(profile: Profile, detector: str) -> tuple[str, ...]:
    """What the detector has p-values of."""
    if DETECTORS[detector] == "rows":
        return (JOINT,)
    return tuple(profile.features[at].name for at in columns_of(profile, detector))


def columns_of(profile: Profile, detector: str) -> list[int]:
    """Which of the features the detector looks at, by their number."""
    sees = DETECTORS[detector]
    numbers, categories = sees != "categories", sees != "numbers"
    return [at for at, f in enumerate(profile.features) if (numbers if f.categories is None else categories)]


def tested_side(profile: Profile, settings: WatchSettings) -> Side | None:
    """The claim about the inputs as a detector tests it; None where it has nothing to look at."""
    subjects = subjects_of(profile, settings.detector) if profile.sample is not None else ()
    if not subjects:
        return None
    claim, uniform = UniformClaim(len(subjects)), np.full(len(subjects), 0.5)
    threshold = float(-np.log(rate_of_data(profile, settings)))
    return Side(
        drift="DataDrift",
        terms=Terms(claim, claim.refutable / len(subjects), threshold + LOG_EXCESS),
        mean=uniform,
        tolerance=np.zeros(len(subjects)),
        subjects=subjects,
        quantities=tuple(f"{subject} by {settings.detector}, p" for subject in subjects),
        log_threshold=threshold,
        min_windows=settings.min_windows,
    )


def told(p_values: Sequence[float]) -> Observation:
    """What a window's p-values say, one of each subject; NaN where the detector has none."""
    values = np.array(p_values, dtype=np.float64)
    known = ~np.isnan(values)
    return Observation(np.where(known, values, 0.0), known.astype(np.float64))


def renewed(reference: Singles, window: Singles, name: str) -> Singles:
    """The next reference: as many rows as before, drawn from those of both, by the window's name."""
    rows = np.concatenate([reference, window])
    drawn = np.random.default_rng(zlib.crc32(name.encode())).permutation(len(rows))[: len(reference)]
    result: Singles = rows[drawn]
    return result
