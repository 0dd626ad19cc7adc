"""The watch over a version: silent when nothing moved, loud when something did."""

import json

import pytest

from tests.runtime_unit.drift.worlds import SENSITIVE, World, alarms, sure_of_itself, watched
from trimtab.drift import LabelSums, Profile, Watch, WindowCounts, count

STREAMS, WINDOWS = 12, 80


def test_streams_in_which_nothing_moves_stay_silent_for_all_their_windows():
    assert alarms(lambda world: world.profile(12), STREAMS, WINDOWS) <= 2


def test_a_reference_that_is_taken_for_the_truth_cries_wolf():
    assert alarms(lambda world: sure_of_itself(world.profile(12)), STREAMS, WINDOWS) > STREAMS / 2


@pytest.mark.parametrize(
    ("change", "kind", "subject"),
    [
        ({"shift": 1.5}, "DataDrift", "number"),
        ({"missing": 0.6}, "DataDrift", "number"),
        ({"late": 0.3}, "ConceptDrift", "calibration"),
    ],
)
def test_what_moves_is_seen_and_named(change, kind, subject):
    profile = World(1).profile(40)
    _, verdicts = watched(World(2, **change), profile, 40)
    assert verdicts[-1].kind == kind
    assert subject in json.dumps([str(finding) for finding in verdicts[-1].findings])


def test_windows_of_too_few_rows_are_not_judged():
    profile = World(1).profile(20)
    columns, _, _ = World(2, shift=9).day()
    few = {name: column[:10] for name, column in columns.items()}
    watch = Watch.start(profile, SENSITIVE)
    for number in range(30):
        watch, verdict = watch.fold_data(str(number), count(profile, few))
    assert verdict.kind == "Unknown"


def test_a_watch_goes_on_from_its_json_as_if_nothing_had_happened():
    profile = World(1).profile(20)
    watch, _ = watched(World(2, shift=0.5), profile, 10)
    columns, labels, chances = World(3).day()
    reread = Watch.from_json(
        Profile.from_json(json.loads(json.dumps(profile.to_json()))), SENSITIVE, json.loads(json.dumps(watch.to_json()))
    )
    counts, sums = count(profile, columns), LabelSums.of(labels, chances)
    one, other = (each.fold_data("x", counts)[0].fold_labels("x", sums)[0] for each in (watch, reread))
    assert one.to_json() == other.to_json()
    assert one.verdict == other.verdict


def test_a_window_counted_in_parts_is_the_window_counted_whole():
    profile = World(1).profile(20)
    columns, _, _ = World(2).day()
    for cut in (1, 37, 150):
        parts = [
            count(profile, {name: column[part] for name, column in columns.items()})
            for part in (slice(None, cut), slice(cut, None))
        ]
        assert parts[0].merge(parts[1]) == parts[1].merge(parts[0]) == count(profile, columns)


def test_counts_of_another_profile_are_not_merged():
    profile = World(1).profile(20)
    other = Profile(profile.features[:1], profile.inputs, profile.outcomes)
    with pytest.raises(ValueError, match="different profiles"):
        WindowCounts.none(profile).merge(WindowCounts.none(other))
