"""Rows that stand alone are drawn by what they hold, and a draw has a name that says when another is the same."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from trimtab.api.data import Data
from trimtab.data.holdout import part

ROWS = 2000
FIRST = datetime(2013, 1, 1)  # noqa: DTZ001  # as Parquet has it, without a zone


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(3)
    wind = [None if number < 0 else number for number in rng.normal(1, size=ROWS).tolist()]
    return pa.table(
        {
            "at": [FIRST + timedelta(hours=row) for row in range(ROWS)],
            "wind": pa.array(wind),
            "carrier": pa.array([*"AB", None, ""] * (ROWS // 4)),
            "seats": pa.array(rng.integers(9, size=ROWS)),
            "late": rng.integers(2, size=ROWS),
        }
    )


def data(**changes):
    holdout = {"by": "Random", "fraction": 0.2, **changes.pop("holdout", {})}
    fields = {"uri": "file:///x", "target": "late", "time": "at", "holdout": holdout}
    return Data.model_validate({**fields, **changes})


def judged(table, seed=1, **changes):
    return part(table, data(**changes), seed).judged


def draw(table, seed=1, **changes):
    return part(table, data(**changes), seed).draw


def test_about_the_asked_share_of_the_rows_is_held_out(rows):
    assert np.mean(judged(rows)) == pytest.approx(0.2, abs=0.03)


def test_a_row_stays_held_out_when_a_window_moves_on(rows):
    moved = pa.concat_tables([rows.slice(700), rows.slice(0, 300).set_column(3, "seats", [[99] * 300])])
    np.testing.assert_array_equal(judged(moved)[: ROWS - 700], judged(rows)[700:])


def test_a_row_stays_held_out_when_rows_come_in_another_order(rows):
    order = np.random.default_rng(1).permutation(ROWS)
    np.testing.assert_array_equal(judged(rows.take(order)), judged(rows)[order])


def test_a_column_that_is_only_checked_moves_no_row(rows):
    features = ["wind", "carrier"]
    checked = [{"column": "seats", "min": 0}]
    narrow = rows.select(["at", "wind", "carrier", "late"])
    np.testing.assert_array_equal(
        judged(rows, features=features, expectations=checked), judged(narrow, features=features)
    )


def test_another_seed_holds_other_rows_out(rows):
    assert np.mean(judged(rows) == judged(rows, seed=2)) < 0.8


def test_rows_that_hold_the_same_are_drawn_each_by_itself():
    same = pa.table({"x": [1.0, -0.0, 0.0, float("nan")] * 500, "late": [0, 1] * 1000})
    mask = judged(same, time=None)
    assert [np.mean(mask[at::4]) for at in range(4)] == pytest.approx([0.2] * 4, abs=0.06)


def test_with_refit_every_row_is_in_some_part(rows):
    parts = part(rows, data(holdout={"refit": True}), seed=1)
    assert np.bincount(parts.part).tolist() == pytest.approx([400] * 5, abs=60)


def test_the_draw_is_the_same_when_only_rows_came_or_went(rows):
    assert draw(rows) == draw(rows.slice(700), window={"last": "90d"}, uri="file:///y")
    assert draw(rows, block="24h") == draw(rows.drop_columns("seats"), block="1d")


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 2},
        {"holdout": {"fraction": 0.3}},
        {"holdout": {"by": "Time"}},
        {"block": "1d"},
        {"features": ["wind"]},
        {"time": None},
    ],
    ids=str,
)
def test_the_draw_is_another_when_it_holds_other_rows_out(rows, changes):
    assert draw(rows, **changes) != draw(rows)


@pytest.mark.parametrize("changes", [{"uri": "file:///y"}, {"window": {"last": "9d"}}, {"holdout": {"fraction": 0.3}}])
def test_by_time_it_is_the_same_only_for_the_same_source_window_and_share(rows, changes):
    by_time = {"by": "Time"}
    assert draw(rows, holdout=by_time) == draw(rows.slice(0, 900), seed=2, holdout=by_time)
    assert draw(rows, **{**changes, "holdout": by_time | changes.get("holdout", {})}) != draw(rows, holdout=by_time)


def test_with_refit_nothing_is_held_out_and_the_draw_has_no_name(rows):
    assert draw(rows, holdout={"refit": True}) is None
