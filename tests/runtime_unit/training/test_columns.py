"""What a model sees of a table."""

import numpy as np
import pyarrow as pa
import pytest

from trimtab.training.judgement.columns import columns_of, labels_of

TABLE = pa.table(
    {
        "count": pa.array([1, None, 3]),
        "share": pa.array([0.1, float("nan"), None]),
        "night": pa.array([True, None, False]),
        "carrier": pa.array(["AA", None, ""]),
        "late": pa.array([True, False, True]),
    }
)


@pytest.mark.parametrize(
    ("name", "values"), [("count", [1, np.nan, 3]), ("share", [0.1, np.nan, np.nan]), ("night", [1, np.nan, 0])]
)
def test_numbers_are_float32_with_nan_for_missing(name, values):
    column = columns_of(TABLE, [name])[name]
    assert column.dtype == np.float32
    np.testing.assert_array_equal(column, np.array(values, dtype=np.float32))


def test_texts_are_str_with_the_empty_text_for_missing():
    column = columns_of(TABLE, ["carrier"])["carrier"]
    assert column.dtype == object
    assert column.tolist() == ["AA", "", ""]


def test_labels_are_zero_and_one():
    assert labels_of(TABLE, "late").tolist() == [1, 0, 1]
