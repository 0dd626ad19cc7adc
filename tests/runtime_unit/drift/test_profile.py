"""What a profile promises, and what is seen against it, where rows stand alone."""

import json

import numpy as np
import pytest

from trimtab.drift import PREDICTION, Outcomes, Profile, Watch, WatchSettings, count

ROWS, WINDOW = 4_000, 500
STRICT = WatchSettings(false_alarm_rate=0.01, data_tolerance=0.0)


def table(seed, rows=WINDOW, *, share=0.2, gap=0.05, turned=False, shift=0.0):
    random = np.random.default_rng(seed)
    common = random.normal(size=rows)
    numbers = [0.7 * common + 0.7 * random.normal(size=rows) for _ in range(4)]
    columns = {f"n{at}": (-1 if turned and at % 2 else 1) * column for at, column in enumerate(numbers)}
    columns["n0"] = np.where(random.random(rows) < gap, np.nan, columns["n0"] + shift)
    columns["letter"] = random.choice(np.array(["a", "b", "c"], dtype=object), rows, p=[share, 0.5, 0.5 - share])
    return columns


def answers(seed, rows=WINDOW, mean=0.3):
    return np.random.default_rng(seed).beta(10 * mean, 10 * (1 - mean), rows).astype(np.float32)


def profile(rows=ROWS, blocks=None):
    labels = (np.random.default_rng(5).random(rows) < 0.3).astype(int)
    return Profile.build(table(1, rows), blocks, Outcomes(labels, answers(2, rows), blocks))


def watched(promised, windows, settings=STRICT, mean=0.3, **moved):
    watch = Watch.start(promised, settings)
    for seed in range(100, 100 + windows):
        columns = table(seed, **moved) | {PREDICTION: answers(seed, mean=mean)}
        watch, verdict = watch.fold_data(str(seed), count(promised, columns))
    return verdict


@pytest.mark.parametrize(
    ("moved", "subject"),
    [
        ({"share": 0.3}, "letter"),
        ({"gap": 0.12}, "n0"),
        ({"shift": 0.3}, "n0"),
        ({"turned": True}, "(joint)"),
        ({"mean": 0.4}, PREDICTION),
    ],
)
def test_what_moves_is_seen_within_a_few_windows_and_named(moved, subject):
    verdict = watched(profile(), 8, **moved)
    assert verdict.kind == "DataDrift"
    assert verdict.findings[0].subject == subject


def test_where_nothing_moves_nothing_is_said():
    assert watched(profile(), 40).kind == "Stable"


def test_what_is_tolerated_of_a_feature_is_no_drift():
    settings = WatchSettings(data_tolerance=0.05, feature_tolerances={"letter": 0.3})
    assert watched(profile(), 8, settings, share=0.4).kind == "Stable"
    assert watched(profile(), 8, WatchSettings(data_tolerance=0.05), share=0.4).kind == "DataDrift"


def test_how_far_a_feature_moved_is_told_in_its_own_scale():
    by_name = {found.subject: found for found in watched(profile(), 8, shift=0.5, share=0.3).findings}
    assert 0.3 < by_name["n0"].distance < 0.6
    assert 0 < by_name["letter"].distance < 0.1


def test_a_change_is_dated():
    promised = profile()
    watch = Watch.start(promised, STRICT)
    for number in range(20):
        watch, verdict = watch.fold_data(f"{number:02}", count(promised, table(number, shift=0.5 * (number >= 12))))
    assert verdict.findings[0].since in ("11", "12", "13")


def test_too_few_days_to_compare_with_leave_the_verdict_unknown():
    few = profile(blocks=np.arange(ROWS) // 1000)
    assert watched(few, 8, shift=2.0).kind == "Unknown"


def test_a_version_that_never_answered_while_training_is_watched_by_its_inputs():
    promised = Profile.build(table(1, ROWS), None, None)
    assert watched(promised, 8, shift=0.5).kind == "DataDrift"


def test_a_profile_is_read_as_it_was_written():
    promised = profile()
    reread = Profile.from_json(json.loads(json.dumps(promised.to_json())))
    columns = table(3)
    assert count(promised, columns) == count(reread, columns)
    assert reread.to_json() == promised.to_json()


def test_the_first_release_s_profile_is_still_read():
    old = profile(blocks=np.arange(ROWS) // 100).to_json()
    quantities = sum(len(feature["edges"]) + 1 if feature["edges"] else 5 for feature in old["features"])
    old["inputs"] = {name: values[:quantities] for name, values in old["inputs"].items()}
    for feature in old["features"]:
        del feature["centre"], feature["scale"]
    del old["predictions"], old["waves"]
    read = Profile.from_json({**old, "format": 1})
    assert watched(read, 30, shift=2.0).kind == "DataDrift"


def test_a_profile_of_a_later_release_is_refused_by_its_format():
    with pytest.raises(ValueError, match="format 3"):
        Profile.from_json(profile().to_json() | {"format": 3})


def test_evidence_of_another_release_is_not_gone_on_from():
    promised = profile()
    watch = Watch.from_json(promised, STRICT, {"data": {"wealth": {}}, "concept": {}})
    assert watch.data_verdict.windows == 0
