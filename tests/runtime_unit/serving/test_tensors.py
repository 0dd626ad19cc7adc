import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trimtab.serving.oip.errors import ProtocolError
from trimtab.serving.oip.tensors import from_bytes, from_json, to_bytes, to_json


def test_flat_and_nested_data_are_the_same():
    flat = from_json("x", "FP32", [2, 2], [1, 2.5, 3, 4])
    assert np.array_equal(flat, from_json("x", "FP32", [2, 2], [[1, 2.5], [3, 4]]))
    assert flat.dtype == np.float32


def test_null_is_missing_in_numbers_and_empty_in_texts():
    assert np.isnan(from_json("x", "FP32", [2], [1.0, None])[1])
    assert from_json("x", "BYTES", [2], ["AA", None]).tolist() == ["AA", ""]


@pytest.mark.parametrize(
    ("datatype", "data", "fault"),
    [
        ("FP32", ["1.5"], "is FP32 and cannot hold str"),
        ("FP32", [True], "is FP32 and cannot hold bool"),
        ("INT64", [1.5], "is INT64 and cannot hold float"),
        ("INT64", [None], "is INT64 and cannot hold NoneType"),
        ("INT32", [2**40], "holds a number too large for INT32"),
        ("BYTES", [1], "is BYTES and cannot hold int"),
        ("BOOL", [1], "is BOOL and cannot hold int"),
        ("FP32", [1, 2], "holds 2 elements, shape [1] needs 1"),
        ("FP32", 1, "needs its data as a list"),
        ("FP32", [[1], 2], "mixes lists and elements"),
        ("FP32", None, "needs its data as a list"),
    ],
)
def test_what_does_not_fit_is_named(datatype, data, fault):
    with pytest.raises(ProtocolError) as caught:
        from_json("x", datatype, [1], data)
    assert caught.value.status == 400
    assert caught.value.message.startswith("input 'x' ")
    assert fault in caught.value.message


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_survive_json_and_bytes(numbers):
    values = np.array(numbers, dtype=np.float32)
    assert np.array_equal(from_json("x", "FP32", [len(numbers)], to_json(values)), values)
    assert np.array_equal(from_bytes("x", "FP32", [len(numbers)], memoryview(to_bytes("FP32", values))), values)


@given(st.lists(st.text(), min_size=1))
def test_texts_survive_bytes(texts):
    values = np.array(texts, dtype=object)
    raw = memoryview(to_bytes("BYTES", values))
    assert from_bytes("x", "BYTES", [len(texts)], raw).tolist() == texts


def test_what_json_has_no_number_for_is_null():
    assert to_json(np.array([1.0, np.nan, np.inf])) == [1.0, None, None]


@pytest.mark.parametrize(
    ("datatype", "raw", "fault"),
    [
        ("FP32", b"\0" * 5, "has 5 bytes, FP32 of shape [1] needs 4"),
        ("BYTES", struct.pack("<I", 9) + b"AA", "ends within a text"),
        ("BYTES", b"\1\0", "is not length-prefixed UTF-8"),
        ("BYTES", struct.pack("<I", 1) + b"\xff", "is not length-prefixed UTF-8"),
        ("BYTES", b"", "holds 0 texts, shape [1] needs 1"),
    ],
)
def test_raw_bytes_that_do_not_fit_are_named(datatype, raw, fault):
    with pytest.raises(ProtocolError, match=r"^input 'x' ") as caught:
        from_bytes("x", datatype, [1], memoryview(raw))
    assert fault in caught.value.message
