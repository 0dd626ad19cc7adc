"""The kinds as Python sees them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from trimtab.api.common import Condition, parse_duration
from trimtab.api.inferenceservice import InferenceServiceSpec, InferenceServiceStatus, Retraining, Window
from trimtab.api.reasons import TrainingCondition, TrainingReason
from trimtab.api.trainingrun import TimeWindow


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90d", 90 * 86400), ("1h30m", 5400), ("8400ms", 8.4), ("1.5s", 1.5), ("0s", 0), ("2w", 1209600)],
)
def test_a_duration_is_the_sum_of_its_parts(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "90", "d", "1 d", "-1d", "1y", "1d 2h", "1d\n"])
def test_what_is_no_duration_is_refused_by_name(text):
    with pytest.raises(ValueError, match="is not a duration such as 90d"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["9999999999d", "99999999999999999999999999999w", "300000d1ms"])
def test_a_duration_that_no_date_can_hold_is_200_years(text):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert parse_duration(text) == timedelta(days=73_000)
    assert now - parse_duration(text) < now < now + parse_duration(text)


@given(st.integers(0, 10**6), st.sampled_from(["ms", "s", "m", "h", "d"]))
def test_durations_grow_with_their_number_up_to_200_years(number, unit):
    longest = timedelta(days=73_000)
    one, more = (parse_duration(f"{n}{unit}") for n in (number, number + 1))
    assert one < more <= longest or one == more == longest


@given(st.integers(0, 72_999))
def test_no_day_before_200_years_is_lost(days):
    assert parse_duration(f"{days}d") == timedelta(days=days)


def test_fields_are_camel_case_on_the_wire_and_unset_ones_are_left_out():
    spec = InferenceServiceSpec(model="m", retraining=Retraining(consecutive_windows=3)).wire()
    assert spec["retraining"]["consecutiveWindows"] == 3
    assert spec["monitoring"]["window"] == {"rows": 1000}


def test_what_is_written_is_read_back():
    spec = InferenceServiceSpec(model="m", retraining=Retraining(on=["ConceptDrift"]))
    assert InferenceServiceSpec.model_validate(spec.wire()) == spec


def test_the_window_begins_at_from():
    begin = datetime(2013, 1, 1, tzinfo=UTC)
    assert TimeWindow.model_validate({"from": "2013-01-01T00:00:00Z"}) == TimeWindow(from_=begin)
    assert TimeWindow(from_=begin).wire() == {"from": "2013-01-01T00:00:00Z"}


def test_an_unknown_field_of_a_spec_is_refused():
    with pytest.raises(ValidationError, match="colour"):
        Window.model_validate({"rows": 500, "colour": "blue"})


def test_what_a_newer_version_wrote_into_a_status_is_passed_over():
    status = {
        "colour": "blue",
        "champion": {"version": "1.0.0", "modelVersion": "m-1.0.0", "since": "2026-01-01T00:00:00Z", "mood": "good"},
        "drift": {"verdict": "Stable", "findings": [{"quantity": "q", "reference": 0, "live": 1, "effect": 1, "p": 0}]},
    }
    read = InferenceServiceStatus.model_validate(status)
    assert read.champion is not None
    assert "mood" not in read.wire()["champion"]


def test_a_reason_is_a_plain_word_on_the_wire():
    condition = Condition(
        type=TrainingCondition.READY,
        status="True",
        reason=TrainingReason.SUCCEEDED,
        last_transition_time=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert condition.wire()["type"] == "Ready"
    assert condition.wire()["reason"] == "Succeeded"
