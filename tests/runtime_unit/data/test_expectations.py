"""Bad data is refused with the column, how many values are wrong, and what to do."""

import pyarrow as pa
import pytest

from trimtab.api.data import Data
from trimtab.data.expectations import check, faults
from trimtab.errors import Refuse

SOUND = {
    "distance": [100.0, 200.0, None, float("nan")],
    "carrier": ["AA", "B6", "", None],
    "stops": [0, 1, 2, 3],
    "late": [0, 1, 0, 1],
}


def refusal(columns=None, **fields):
    data = Data.model_validate({"uri": "file:///lake", "target": "late", **fields})
    with pytest.raises(Refuse) as refused:
        check(pa.table({**SOUND, **(columns or {})}), data)
    return refused.value


def unmet(column, **wanted):
    fault = refusal(expectations=[{"column": column, **wanted}])
    assert fault.reason == "DataInvalid"
    return fault.message


def test_sound_data_passes():
    expectations = [
        {"column": "distance", "dtype": "float", "min": 100, "max": 200, "maxMissing": 0.5},
        {"column": "carrier", "dtype": "string", "oneOf": ["AA", "B6"], "maxMissing": 0.5},
        {"column": "stops", "dtype": "int", "min": 0},
    ]
    data = Data.model_validate({"uri": "file:///lake", "target": "late", "expectations": expectations})
    assert list(faults(pa.table(SOUND), data)) == []


def test_a_value_below_the_least_is_counted_and_shown():
    assert unmet("distance", min=150).startswith("'distance' has 1 values beyond min 150, the furthest is 100")


def test_a_value_above_the_greatest_is_counted_and_shown():
    assert unmet("stops", max=1).startswith("'stops' has 2 values beyond max 1, the furthest is 3")


def test_nan_null_and_the_empty_text_are_missing():
    assert "is missing in 2 of 4 rows, maxMissing is 0.25" in unmet("distance", maxMissing=0.25)
    assert "is missing in 2 of 4 rows, maxMissing is 0.25" in unmet("carrier", maxMissing=0.25)


def test_another_type_is_told():
    assert "is float, expected int" in unmet("distance", dtype="int")


def test_foreign_categories_are_shown():
    assert "has 1 values that are not in oneOf, such as B6" in unmet("carrier", oneOf=["AA"])


def test_a_bound_on_texts_is_told_to_say_nothing():
    assert "is string, so min and max say nothing about it" in unmet("carrier", min=0)


@pytest.mark.parametrize(
    ("late", "seen"),
    [([0, 1, 2, 1], "0, 1, 2"), ([0, 0, 0, 0], "0"), ([0, 1, None, 1], "0, 1, None"), (["0", "1", "0", "1"], "0, 1")],
)
def test_a_target_that_is_not_zero_and_one_is_refused(late, seen):
    fault = refusal({"late": late})
    assert fault.reason == "TargetNotBinary"
    assert f"'late' holds {seen}; it must hold 0 and 1" in fault.message


@pytest.mark.parametrize("late", [[True, False, True, False], [0.0, 1.0, 0.0, 1.0]])
def test_a_target_of_booleans_or_whole_floats_is_zero_and_one(late):
    data = Data.model_validate({"uri": "file:///lake", "target": "late"})
    assert list(faults(pa.table({**SOUND, "late": late}), data)) == []


def test_a_feature_that_no_model_takes_is_refused():
    fault = refusal({"route": [["EWR"], ["JFK"], [], []]})
    assert fault.reason == "ColumnNotSupported"
    assert "feature 'route' is list" in fault.message


def test_rows_without_a_time_are_counted():
    fault = refusal({"at": pa.array([0, 1, None, None], pa.timestamp("us"))}, time="at")
    assert (fault.reason, "'at' is missing in 2 of 4 rows" in fault.message) == ("DataInvalid", True)


@pytest.mark.parametrize("number", [2**53 + 1, -(2**60)])
def test_a_feature_of_integers_that_no_model_can_tell_apart_is_refused(number):
    fault = refusal({"flight_id": [1, 2, number, None]})
    assert fault.reason == "ColumnNotSupported"
    assert "feature 'flight_id' holds integers beyond 2^53" in fault.message
    assert "leave it out of spec.data.features" in fault.message


def test_such_integers_may_be_checked_where_no_model_sees_them():
    columns, checked = {"flight_id": [1, 2, 3, 2**60]}, [{"column": "flight_id", "min": 2}]
    fault = refusal(columns, features=["distance"], expectations=checked)
    assert "has 1 values beyond min 2" in fault.message


def test_a_target_of_such_integers_is_told_as_any_other():
    assert refusal({"late": [0, 1, 2**60, 2**60]}).reason == "TargetNotBinary"
