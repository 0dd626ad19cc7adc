"""Which shares are watched of a feature: no value moves unseen, and what was chosen is measured on other rows."""

from dataclasses import replace

import numpy as np
import pytest

from trimtab.drift import Profile, Watch, WatchSettings, count
from trimtab.drift.reference.features import Feature, chooses

ROWS, WINDOW = 2_000, 500


def verdict_of(before, after):
    """What is said after three windows of other values."""
    profile, random = Profile.build({"x": before}, None, None), np.random.default_rng(1)
    watch = Watch.start(profile, WatchSettings())
    for number in range(3):
        watch, verdict = watch.fold_data(str(number), count(profile, {"x": random.choice(after, WINDOW)}))
    return verdict


def zeros_and_more(common):
    """Numbers of which three in five are one value."""
    random = np.random.default_rng(0)
    return np.where(random.random(ROWS) < 0.6, common, random.uniform(1, 2, ROWS)).astype(np.float32)


@pytest.mark.parametrize("value", [0.0, 5.0, -3.5])
def test_the_commonest_value_that_is_also_the_least_cannot_move_down_unseen(value):
    before = value + zeros_and_more(0.0)
    after = np.where(before == value, value - 999, before)
    assert not verdict_of(before, before).drifted
    verdict = verdict_of(before, after)
    assert verdict.drifted
    assert f"x < {value:g}" in {finding.quantity for finding in verdict.findings}


def test_a_common_value_cannot_move_unseen_between_two_others():
    before = np.repeat(np.float32([0, 100]), ROWS // 2)
    assert verdict_of(before, np.where(before == 100, np.float32(50), before)).drifted


def test_numbers_that_are_never_the_same_have_their_deciles_and_no_more():
    assert len(Feature.of("x", np.random.default_rng(2).normal(size=ROWS)).edges) == 9


def letters(seed, categories, rows=ROWS):
    """Categories of which each is as common as any other."""
    return np.random.default_rng(seed).integers(categories, size=rows).astype(str).astype(object)


def promised_others(seed, categories):
    """The share that is promised of all that have no cell of their own, less the true one."""
    profile = Profile.build({"x": letters(seed, categories)}, None, None)
    watched = len(profile.features[0].categories)
    return profile.inputs.mean[watched] - (1 - watched / categories)


def test_categories_that_were_chosen_for_being_common_are_not_promised_to_be_commoner_than_they_are():
    off = [promised_others(seed, 200) for seed in range(20)]
    assert abs(np.mean(off)) < 0.006


def test_measured_on_the_rows_that_chose_them_they_would_be(monkeypatch):
    """A planted bug: the same rows choose and measure."""
    monkeypatch.setattr("trimtab.drift.reference.features.chooses", lambda rows: np.ones(rows, dtype=bool))
    monkeypatch.setattr("trimtab.drift.reference.profile.chooses", lambda rows: np.zeros(rows, dtype=bool))
    assert np.mean([promised_others(seed, 200) for seed in range(20)]) < -0.05


def test_few_categories_are_all_watched_and_measured_on_all_rows():
    profile = Profile.build({"x": letters(1, 20)}, None, None)
    assert set(profile.inputs.rows) == {ROWS}


def test_what_was_chosen_among_more_is_measured_on_the_rows_that_did_not_choose():
    columns = {"x": letters(1, 200), "y": np.random.default_rng(3).normal(size=ROWS)}
    profile = Profile.build(columns, None, None)
    layout, kept = profile.layout, np.count_nonzero(~chooses(ROWS))
    rows = profile.inputs.rows
    assert set(rows[layout.owner == 0]) == set(rows[layout.owner == 2]) == {kept}
    assert set(rows[layout.owner == 1]) == {ROWS}


def test_a_profile_of_an_earlier_release_keeps_the_edges_it_has():
    feature = Feature.of("x", zeros_and_more(0.0))
    old = replace(feature, edges=tuple(edge for edge in feature.edges if edge >= 0))
    assert Feature.from_json(old.to_json()).quantities[0] == "x ≤ 0"
