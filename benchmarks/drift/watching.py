"""The product's own detector, run fast over windows that are counted already."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from trimtab.drift import Profile
from trimtab.drift.betting.observation import Observation
from trimtab.drift.betting.wealth import Wealth
from trimtab.drift.watching.sides import WatchSettings, data_side
from trimtab.drift.watching.track import Side

RATE = 0.01
STRICT = WatchSettings(false_alarm_rate=RATE, data_tolerance=0.0, watch_concept=False)
"""No change is tolerated: false alarms are the likeliest so."""


def side_of(profile: Profile) -> Side | None:
    """The claim about the inputs of a profile."""
    return data_side(profile, STRICT)


def first_alarm(side: Side | None, windows: Iterable[Observation]) -> int | None:
    """Number (from 1) of the window with the first alarm; None without any."""
    if side is None:
        return None
    wealth = Wealth.none(side.terms.claim)
    for number, seen in enumerate(windows, start=1):
        wealth = wealth.fold(side.terms, seen)
        if wealth.log_evidence >= side.log_threshold:
            return number
    return None


def sure_of_itself(profile: Profile) -> Profile:
    """Plant the usual bug: the reference is taken for the truth."""
    inputs, much = profile.inputs, 1e12
    if profile.rows_stand_alone:
        return replace(profile, inputs=replace(inputs, hits=inputs.mean * much, rows=np.full_like(inputs.rows, much)))
    return replace(profile, inputs=replace(inputs, blocks=np.full_like(inputs.blocks, much)))
