"""Windows of fewer rows than the blocks that training measured: noisier, and no change for that."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.runtime_unit.drift.worlds import SENSITIVE
from trimtab.drift import LabelSums, Outcomes, Profile, Watch, count

DAYS, ROWS, STREAMS, WINDOWS = 60, 2_000, 10, 100


def day(random, rows, late=0.0):
    """A day's answers and labels; days differ a little."""
    chance = np.clip(random.beta(2, 5, rows) + random.normal(0, 0.01), 0.01, 0.99)
    return (random.random(rows) < chance + late).astype(int), chance.astype(np.float32)


@cache
def promised(seed):
    """The profile of days of many rows; the one column is the answer as well."""
    random = np.random.default_rng(seed)
    labels, chances = (np.concatenate(parts) for parts in zip(*(day(random, ROWS) for _ in range(DAYS)), strict=True))
    blocks = np.repeat(np.arange(DAYS), ROWS)
    return Profile.build({"x": chances}, blocks, Outcomes(labels, chances, blocks))


def alarmed(seed, rows=60, late=0.0, mend=lambda profile: profile):
    """Which sides of a stream of thin windows ever had an alarm."""
    random, profile = np.random.default_rng([1, seed]), mend(promised(seed))
    watch, found = Watch.start(profile, SENSITIVE), set()
    for number in range(WINDOWS):
        labels, chances = day(random, rows, late)
        watch, _ = watch.fold_data(f"{number:04}", count(profile, {"x": chances}))
        watch, _ = watch.fold_labels(f"{number:04}", LabelSums.of(labels, chances))
        found |= {verdict.kind for verdict in (watch.data_verdict, watch.concept_verdict) if verdict.drifted}
    return found


def without_rows(profile):
    """Plant the bug that was: a window of any size is taken for a whole block."""
    parts = {name: getattr(profile, name) for name in ("inputs", "outcomes")}
    return replace(profile, **{name: replace(part, rows=np.zeros_like(part.rows)) for name, part in parts.items()})


def test_thin_windows_in_which_nothing_moves_stay_silent():
    assert sum(bool(alarmed(seed)) for seed in range(STREAMS)) <= 2


def test_taken_for_whole_blocks_they_cry_wolf():
    assert sum(bool(alarmed(seed, mend=without_rows)) for seed in range(STREAMS)) > STREAMS / 2


def test_what_moves_is_seen_in_thin_windows_too():
    assert "ConceptDrift" in alarmed(1, late=0.2)


def test_a_window_of_at_least_half_a_block_is_judged_as_a_whole_one():
    profile = promised(1)
    watches = [Watch.start(each, SENSITIVE) for each in (profile, without_rows(profile))]
    labels, chances = day(np.random.default_rng(2), ROWS // 2)
    one, other = (watch.fold_labels("1", LabelSums.of(labels, chances))[0] for watch in watches)
    assert one.to_json() == other.to_json()


def test_a_block_s_rows_are_those_that_its_spread_is_of():
    blocks = np.repeat([0, 1, 2], [100, 100, 50])
    profile = Profile.build({"x": np.arange(250.0)}, blocks, None)
    assert profile.inputs.rows == pytest.approx(np.full(profile.layout.size, 75.0))


def test_a_profile_of_an_earlier_release_is_watched_as_before():
    state = promised(1).to_json()
    for part in (state["inputs"], state["outcomes"]):
        del part["rows"], part["variance"]
    del state["blockSeconds"]
    old = Profile.from_json(state)
    assert (old.block_seconds, old.inputs.rows.any()) == (0.0, False)
    watch, _ = Watch.start(old, SENSITIVE).fold_data("1", count(old, {"x": day(np.random.default_rng(2), 60)[1]}))
    assert watch.data_verdict.windows == 1
