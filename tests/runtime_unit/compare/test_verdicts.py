"""What two tables prove."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance

from tests.runtime_unit.compare.tables import by_name, compared, frame
from trimtab.compare import Terms, sweep
from trimtab.compare.decide import decide
from trimtab.compare.measuring.categories import measure_categories
from trimtab.compare.measuring.measured import Measured, Picture
from trimtab.compare.measuring.numbers import measure_numbers
from trimtab.compare.proof import chances
from trimtab.compare.shares import Blocks, Shares
from trimtab.compare.table import Column
from trimtab.compare.together import LEAST_P

FEATURES = ["value", "kind"]


def verdicts(tmp_path, before, after, **asked):
    found = by_name(compared(tmp_path, before, after, columns=FEATURES, **asked))
    return [found[name].verdict for name in FEATURES]


def test_two_draws_from_one_world_are_stable(tmp_path):
    assert verdicts(tmp_path, frame(1), frame(2)) == ["Stable", "Stable"]


def test_a_shift_and_a_new_mix_are_found(tmp_path):
    assert verdicts(tmp_path, frame(1), frame(2, shift=1, shares=(0.2, 0.3, 0.5))) == ["Drifted", "Drifted"]


def test_a_change_within_the_tolerance_is_no_drift_however_many_rows_show_it(tmp_path):
    # 0.05 σ moves a share by 0.02: with 200,000 rows a plain test is as sure of it as can be.
    assert verdicts(tmp_path, frame(1, rows=200_000), frame(2, rows=200_000, shift=0.05))[0] == "Stable"


def test_a_share_missing_is_a_drift_of_its_own(tmp_path):
    found = by_name(compared(tmp_path, frame(1), frame(2, missing=0.3)))["value"]
    assert (found.verdict, found.quantity) == ("Drifted", "missing")
    assert found.effect == pytest.approx(0.3, abs=0.03)


def test_too_few_rows_prove_nothing(tmp_path):
    assert verdicts(tmp_path, frame(1), frame(2, rows=30, shift=3)) == ["Unknown", "Unknown"]


def two_numbers(seed, *, rows=2000, turned=False, days=None):
    """Numbers that depend on one another, the other way round if turned; each alone stays what it was."""
    table = frame(seed, rows=rows, days=days, day_spread=0.5 if days else 0.0)
    table["other"] = 0.8 * table["value"] * (-1 if turned else 1) + 0.6 * frame(seed + 1, rows=rows)["value"]
    return table


def test_a_dependence_that_turned_is_seen_by_the_numbers_together_and_by_none_alone(tmp_path):
    still, turned = (compared(tmp_path, two_numbers(1), two_numbers(7, turned=turned)) for turned in (False, True))
    assert {by_name(turned)[name].verdict for name in ("value", "other")} == {"Stable"}
    assert turned.together.p == pytest.approx(LEAST_P)
    assert still.together.p > 0.05


def test_days_are_the_rows_of_the_numbers_together_when_they_are_named(tmp_path):
    named = compared(tmp_path, two_numbers(1, days=40), two_numbers(3, days=60), block="day").together
    assert named.rows == (40, 60)
    assert named.p > 0.05


def test_one_number_alone_has_nothing_to_be_together_with(tmp_path):
    columns = ["value", "kind"]
    assert compared(tmp_path, frame(1), frame(2), columns=columns).together is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("gone", [(True, True), (True, False), (False, True)])
def test_a_number_that_lacks_all_values_on_one_side_is_left_out_of_the_numbers_together(tmp_path, gone):
    sides = two_numbers(1), two_numbers(7)
    thirds = [side.assign(third=np.nan if lacks else 1.0) for side, lacks in zip(sides, gone, strict=True)]
    assert compared(tmp_path, *thirds).together == compared(tmp_path, *sides).together


def test_what_goes_wrong_ends_the_rest(tmp_path, monkeypatch):
    rows, looked_at = frame(1).assign(**{f"x{at}": 1.0 for at in range(50)}), []
    monkeypatch.setattr(sweep, "measure_numbers", lambda *sides: looked_at.append(1) or measure_numbers(*sides))

    def told(_done, _of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compared(tmp_path, rows, rows, threads=1, told=told)
    assert len(looked_at) < 50


def test_days_that_differ_are_no_drift_when_the_block_is_named_and_cry_wolf_when_not(tmp_path):
    before, after = frame(1, days=4, day_spread=2), frame(2, days=4, day_spread=2)
    assert verdicts(tmp_path, before, after)[0] == "Drifted"
    assert verdicts(tmp_path, before, after, block="day")[0] == "Unknown"


def test_a_drift_of_all_days_is_found_through_their_differences(tmp_path):
    before, after = (frame(seed, days=40, day_spread=0.3, shift=shift) for seed, shift in ((1, 0.0), (2, 1.0)))
    assert verdicts(tmp_path, before, after, block="day")[0] == "Drifted"


def test_hardly_any_pair_at_the_very_tolerance_is_called_drifted():
    """A share that moved exactly as far as is tolerated: the claim must be wrong as seldom as promised."""
    random, terms, called = np.random.default_rng(3), Terms(rate=0.05), 0
    for _ in range(1000):
        sides = [Column((random.random(2000) < share).astype(int), ("a", "b")) for share in (0.3, 0.4)]
        called += decide("x", "category", measure_categories(*sides, None), 1, terms).verdict == "Drifted"
    assert called <= 0.05 * 1000 + 20


def test_distances_are_those_of_scipy(tmp_path):
    before, after = frame(1), frame(2, shift=0.4, shares=(0.3, 0.3, 0.4))
    found = by_name(compared(tmp_path, before, after))
    scale = np.subtract(*np.quantile(before["value"], [0.75, 0.25])) / 1.349
    assert found["value"].distance == pytest.approx(
        wasserstein_distance(before["value"], after["value"]) / scale, rel=0.02
    )
    shares = [rows["kind"].value_counts(normalize=True).sort_index() for rows in (before, after)]
    assert found["kind"].distance == pytest.approx(jensenshannon(*shares, base=2))


def test_the_gravest_come_first_and_the_furthest_of_them(tmp_path):
    before, after = (
        frame(seed).assign(far=lambda rows: rows["value"], near=lambda rows: rows["value"]) for seed in (1, 2)
    )
    after["far"] += 3
    after["near"] += 1
    assert [drift.feature for drift in compared(tmp_path, before, after).drifts][:2] == ["far", "near"]


def test_a_column_without_a_value_on_one_side_is_told_without_a_distance(tmp_path):
    found = by_name(compared(tmp_path, frame(1), frame(2).assign(value=np.nan)))["value"]
    assert (found.verdict, found.quantity) == ("Drifted", "missing")
    assert np.isnan(found.distance)


def test_constants_categories_never_seen_and_infinities_have_numbers_too(tmp_path):
    rows = frame(1)
    before = rows.assign(constant=1.0, flag=True)
    after = rows.assign(constant=2.0, flag=False, kind="new", value=np.where(rows["day"] == 0, np.inf, rows["value"]))
    found = by_name(compared(tmp_path, before, after))
    assert {found[name].verdict for name in ("constant", "flag", "kind", "value")} == {"Drifted"}
    assert found["kind"].distance == pytest.approx(1)


def test_categories_stored_as_a_dictionary_are_categories(tmp_path):
    before = frame(1).assign(kind=lambda rows: pd.Categorical(rows["kind"]))
    assert by_name(compared(tmp_path, before, frame(2)))["kind"].verdict == "Stable"


def test_a_column_that_has_gone_missing_whole_is_a_drift_and_one_that_was_never_there_is_left_out(tmp_path):
    gone = frame(2).assign(value=None, kind=None, never=None)
    found = compared(tmp_path, frame(1).assign(never=None), gone, columns=None)
    told = {name: by_name(found)[name] for name in FEATURES}
    assert {(drift.verdict, drift.quantity, drift.missing_current) for drift in told.values()} == {
        ("Drifted", "missing", 1.0)
    }
    assert found.left_out == ("'never' holds no value in either file",)


def test_a_column_that_came_whole_is_a_drift(tmp_path):
    found = by_name(compared(tmp_path, frame(1).assign(value=None), frame(2)))["value"]
    assert (found.verdict, found.quantity, found.missing_reference) == ("Drifted", "missing", 1.0)


def test_numbers_kept_with_fewer_digits_are_the_same_numbers(tmp_path):
    before = frame(1).assign(value=lambda rows: rows["value"].round().div(10))
    after = frame(2).assign(value=lambda rows: rows["value"].round().div(10).astype(np.float32))
    assert verdicts(tmp_path, before, after)[0] == "Stable"
    assert verdicts(tmp_path, after, before)[0] == "Stable"


def flags(blocks, value, *, rows=100):
    """Rows of blocks in each of which a flag is the same, so that its spread between them is 0."""
    return pd.DataFrame({"flag": value, "day": np.arange(blocks * rows) % blocks})


@pytest.mark.parametrize(("blocks", "verdict"), [(2, "Unknown"), (30, "Drifted")])
def test_a_share_that_is_the_same_in_all_blocks_proves_no_more_than_their_number(tmp_path, blocks, verdict):
    before, after = (flags(blocks, value) for value in (True, False))
    assert by_name(compared(tmp_path, before, after, block="day"))["flag"].verdict == verdict


def test_hardly_any_days_at_the_very_tolerance_are_called_stable():
    """Where all rows of every tenth day are of another kind, thirty days without such a one may prove nothing."""
    terms, day = Terms(rate=0.01), np.repeat(np.arange(60), 2)
    blocks = (Blocks(day, 60), Blocks(day[:60], 30))

    def verdict(others):
        current = (np.arange(30) < others).astype(int)[blocks[1].of]
        sides = [Column(np.zeros(120, dtype=int), ("a", "b")), Column(current, ("a", "b"))]
        return decide("x", "category", measure_categories(*sides, blocks), 1, terms).verdict

    stable = [others for others in range(31) if verdict(others) == "Stable"]
    assert stats.binom.pmf(stable, 30, 0.1).sum() <= 0.01


def test_a_share_that_one_block_alone_can_tell_is_that_block_s():
    day = Blocks(np.arange(40), 40)
    known, alone = np.zeros(40, dtype=int), np.where(day.of == 3, 0, -1)
    measured = measure_categories(Column(known, ("a",)), Column(alone, ("a",)), (day, day))
    assert measured.current.mean.tolist() == [1.0, 0.0, 39 / 40]


def found_in(tmp_path, before, after, terms=None):
    """The finding of one column."""
    return compared(tmp_path, pd.DataFrame({"x": before}), pd.DataFrame({"x": after}), terms).drifts[0]


@pytest.mark.parametrize(("value", "now"), [(0, -5), (0, -999), (7, 3)])
def test_a_common_value_that_moves_down_is_seen(tmp_path, value, now):
    before = np.where(np.arange(2000) % 5 < 3, value, value + np.arange(2000) % 7)
    assert found_in(tmp_path, before, before).verdict == "Stable"
    drift = found_in(tmp_path, before, np.where(before == value, now, before))
    assert (drift.verdict, drift.quantity) == ("Drifted", f"< {value}")


def letters(seed, categories, rows):
    return np.random.default_rng(seed).integers(categories, size=rows).astype(str)


@pytest.mark.parametrize("rows", [60, 100, 200])
def test_as_many_categories_as_rows_are_no_drift(tmp_path, rows):
    verdicts = [found_in(tmp_path, letters(s, rows, rows), letters(1000 + s, rows, 5000)).verdict for s in range(30)]
    assert verdicts.count("Drifted") <= 1


def test_names_that_were_never_seen_are_a_drift_however_many_there_are(tmp_path):
    before = letters(1, 500, 10_000)
    drift = found_in(tmp_path, before, np.char.add("N", letters(2, 500, 10_000)))
    assert (drift.verdict, drift.quantity) == ("Drifted", "new")


def test_of_categories_too_many_to_be_watched_nothing_is_called_stable(tmp_path):
    assert found_in(tmp_path, letters(1, 500, 10_000), letters(2, 500, 10_000)).verdict == "Unknown"


def test_without_any_tolerance_equals_are_called_drifted_as_seldom_as_the_rate_says():
    """One share of each of many equal pairs, which may seem to have moved either way."""
    random = np.random.default_rng(3)
    error, surely = np.full(4000, np.sqrt(0.25 / 400)), np.full(4000, np.inf)
    sides = [Shares(random.normal(0.5, error), error, surely, 400) for _ in range(2)]
    beyond, _ = chances(Measured(0.0, ("share",) * 4000, *sides, Picture((), ())), 1e-9)
    assert np.mean(beyond <= 0.1) <= 0.1 + 3 * np.sqrt(0.1 * 0.9 / 4000)
