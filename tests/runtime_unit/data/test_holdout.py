from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from trimtab.api.data import Data
from trimtab.data.holdout import part
from trimtab.errors import Refuse

DAYS = 200


def table(days=DAYS, a_day=5):
    first = datetime(2013, 1, 1)  # noqa: DTZ001  # as Parquet has it, without a zone
    return pa.table({"at": [first + timedelta(days=day, hours=hour) for day in range(days) for hour in range(a_day)]})


def data(by="Random", fraction=0.2, refit=False):
    holdout = {"by": by, "fraction": fraction, "refit": refit}
    return Data(uri="file:///x", target="y", time="at", block="1d", holdout=holdout)


def held_days(parts):
    return set(parts.blocks[parts.judged])


def test_a_drawn_day_is_held_out_whole():
    parts = part(table(), data(), seed=1)
    assert not held_days(parts) & set(parts.blocks[parts.training])


def test_about_the_asked_share_is_drawn():
    assert len(held_days(part(table(), data(), seed=1))) / DAYS == pytest.approx(0.2, abs=0.08)


def test_a_day_held_out_once_is_held_out_of_every_later_version():
    early, late = (part(table(days), data(), seed=1) for days in (100, DAYS))
    known = set(early.blocks)
    assert held_days(late) & known == held_days(early)


def test_another_seed_draws_other_days():
    assert held_days(part(table(), data(), seed=1)) != held_days(part(table(), data(), seed=2))


def test_by_time_the_newest_days_are_held_out():
    parts = part(table(days=10), data(by="Time", fraction=0.3), seed=1)
    assert len(held_days(parts)) == 3
    assert parts.blocks[parts.judged].min() > parts.blocks[parts.training].max()


def test_rows_that_cannot_be_parted_are_refused_with_the_fields_to_change():
    with pytest.raises(Refuse, match=r"holdout\.fraction"):
        part(table(days=1), data(by="Time"), seed=1)


def test_days_are_drawn_into_the_parts_they_were_always_drawn_into():
    drawn = part(table(days=31, a_day=1), data(refit=True), seed=7).part
    assert "".join(map(str, drawn)) == "1101323103440412313410430003243"


def test_with_refit_every_day_is_judged_once_and_all_are_learnt():
    parts = part(table(), data(refit=True), seed=1)
    assert parts.judged.all()
    assert parts.training.all()
    assert parts.numbers == [0, 1, 2, 3, 4]


def test_with_refit_a_day_is_never_split_between_parts():
    parts = part(table(), data(refit=True), seed=1)
    assert all(len(set(parts.part[parts.blocks == block])) == 1 for block in set(parts.blocks))


def test_the_first_part_is_what_would_be_held_out_without_refit():
    parts, plain = (part(table(), data(refit=refit), seed=1) for refit in (True, False))
    np.testing.assert_array_equal(parts.part == 0, plain.judged)


def test_by_time_with_refit_the_newest_days_are_judged_and_learnt_in_the_end():
    parts, plain = (part(table(), data(by="Time", refit=refit), seed=1) for refit in (True, False))
    np.testing.assert_array_equal(parts.judged, plain.judged)
    assert parts.training.all()


def test_a_few_days_leave_parts_out_that_no_day_was_drawn_into():
    parts = part(table(days=3), data(refit=True), seed=1)
    assert 1 < len(parts.numbers) <= 3


def test_a_single_day_cannot_be_judged_by_a_fit_that_has_not_seen_it():
    with pytest.raises(Refuse, match=r"holdout\.fraction"):
        part(table(days=1), data(refit=True), seed=1)
