"""Each row is answered for by a fit that has not learnt it, and compared with a champion that has not either."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression

from trimtab.api.trainingrun import Data
from trimtab.contract.run import Champion
from trimtab.data.holdout import part
from trimtab.training.fit.export import to_onnx
from trimtab.training.judgement.heldout import answers, fit_file, unlearnt_by_both

DAYS = 30
FIRST = datetime(2013, 1, 1)  # noqa: DTZ001  # as Parquet has it, without a zone
MODEL = {"uri": "file:///m.onnx", "digest": "sha256:" + "0" * 64}


@pytest.fixture(scope="module")
def table():
    at = [FIRST + timedelta(days=day, hours=hour) for day in range(DAYS) for hour in (6, 18)]
    return pa.table({"at": at, "y": [0, 1] * DAYS})


def data(**changes):
    holdout = {"by": "Random", "fraction": 0.2, "refit": True}
    return Data(**{"uri": "file:///x", "target": "y", "time": "at", "block": "1d", "holdout": holdout, **changes})


def compared(table, data, learnt_until=None, draw=None):
    parts = part(table, data, seed=1)
    champion = {"version": "1.0.0", "artifact": MODEL, "learntUntil": learnt_until, "draw": draw}
    return parts, unlearnt_by_both(table, data, parts, Champion.model_validate(champion))


def test_each_part_is_answered_for_by_the_fit_without_it(tmp_path, table, numbers_only):
    parts = part(table, data(), seed=1)
    columns = {name: np.zeros(table.num_rows, dtype=np.float32) for name in numbers_only.features}
    for number in parts.numbers:
        late = [1] * (number + 1) + [0] * (9 - number)  # answers with a tenth of one more than its number
        fitted = LogisticRegression().fit(pd.DataFrame({n: [0.0] * 10 for n in columns}), late)
        (tmp_path / fit_file(parts, number)).write_bytes(to_onnx(fitted, numbers_only))
    np.testing.assert_allclose(answers(tmp_path, parts, columns, 1), (parts.part + 1) / 10, atol=1e-3)


PLAIN = {"by": "Random", "fraction": 0.2}
READ_UNTIL = datetime(2013, 1, 20, 6, tzinfo=UTC)


def test_a_champion_of_the_same_draw_is_compared_on_all_held_out_rows(table):
    draw = part(table, data(holdout=PLAIN), seed=1).draw
    parts, rows = compared(table, data(holdout=PLAIN), READ_UNTIL, draw)
    np.testing.assert_array_equal(rows, parts.judged)


@pytest.mark.parametrize("seed", [None, 2])
def test_a_champion_of_another_draw_or_of_none_is_compared_on_newer_held_out_rows(table, seed):
    draw = seed and part(table, data(holdout=PLAIN), seed).draw
    parts, rows = compared(table, data(holdout=PLAIN), READ_UNTIL, draw)
    np.testing.assert_array_equal(rows, parts.judged & (np.arange(2 * DAYS) >= 2 * 20))


def test_a_champion_of_another_draw_has_nothing_in_common_where_rows_have_no_time(table):
    timeless = data(holdout=PLAIN, time=None, block=None)
    draw = part(table, timeless, seed=2).draw
    assert not compared(table, timeless, draw=draw)[1].any()


def test_a_champion_of_which_nothing_is_known_is_compared_on_all_held_out_rows(table):
    parts, rows = compared(table, data(holdout=PLAIN))
    np.testing.assert_array_equal(rows, parts.judged)


def test_a_champion_that_learnt_all_there_was_is_compared_on_newer_rows(table):
    _, rows = compared(table, data(block=None), datetime(2013, 1, 20, 6, tzinfo=UTC))
    assert rows.sum() == 2 * DAYS - (2 * 19 + 1)


def test_a_day_of_which_the_champion_learnt_a_part_is_not_compared(table):
    _, rows = compared(table, data(), datetime(2013, 1, 20, 6, tzinfo=UTC))
    assert rows.sum() == 2 * (DAYS - 20)
