"""What a run read can be named, and read again."""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from trimtab.data.snapshot import load, pin
from trimtab.errors import Refuse


def distances(snapshot):
    return load(Path(snapshot)).column("distance").to_pylist()


def test_the_snapshot_holds_all_rows_in_order_of_time_and_is_named_by_its_digest(lake, store):
    pinned = pin(lake.data(), store)
    assert distances(pinned.snapshot) == [float(n) for n in range(50)]
    assert pinned.digest == f"sha256:{hashlib.sha256(Path(pinned.snapshot).read_bytes()).hexdigest()}"
    assert pinned.rows == 50
    assert pinned.newest == datetime(2013, 1, 5, 9, tzinfo=UTC)
    assert pinned.columns == {"distance": "float", "carrier": "string", "late": "int", "at": "timestamp"}


def test_the_same_files_are_the_same_revision_and_the_same_bytes_wherever_they_lie(lake, store, tmp_path):
    first = pin(lake.data(), store)
    shutil.copytree(lake.folder, tmp_path / "copy")
    second = pin(lake.data(uri=(tmp_path / "copy").as_uri()), tmp_path / "other-store")
    assert (second.revision, second.digest) == (first.revision, first.digest)


@pytest.mark.parametrize("change", ["a new file", "other rows", "another name"])
def test_any_change_of_the_files_is_another_revision(lake, store, change):
    before = pin(lake.data(), store).revision
    if change == "a new file":
        lake.land(5)
    elif change == "other rows":
        lake.land(4, distance=[0.0] * 10)
    else:
        (lake.folder / "day=004.parquet").rename(lake.folder / "day=400.parquet")
    assert pin(lake.data(), store).revision != before


def test_a_pinned_revision_is_read_although_newer_files_came(lake, store):
    before = pin(lake.data(), store)
    lake.land(5)
    again = pin(lake.data(revision=before.revision), store)
    assert again == before


def test_a_pinned_revision_can_be_read_with_another_window_while_its_files_are_there(lake, store):
    before = pin(lake.data(), store)
    lake.land(5)
    part = pin(lake.data(revision=before.revision, window={"last": "1d"}), store)
    assert distances(part.snapshot) == [float(n) for n in range(40, 50)]


def test_a_pinned_revision_is_served_from_its_snapshot_when_its_files_changed(lake, store):
    before = pin(lake.data(), store)
    lake.land(0, distance=[-1.0] * 10)
    assert pin(lake.data(revision=before.revision), store) == before


def test_a_pinned_revision_is_served_from_its_snapshot_when_the_folder_is_gone(lake, store):
    before = pin(lake.data(), store)
    shutil.rmtree(lake.folder)
    assert pin(lake.data(revision=before.revision), store) == before


def test_a_revision_that_nobody_kept_is_gone_and_the_run_says_so(lake, store, tmp_path):
    before = pin(lake.data(), store)
    lake.land(0, distance=[-1.0] * 10)
    with pytest.raises(Refuse, match=r"is gone.*Use `latest`") as refused:
        pin(lake.data(revision=before.revision), tmp_path / "empty-store")
    assert refused.value.reason == "RevisionNotFound"


def test_a_damaged_snapshot_is_not_served(lake, store):
    before = pin(lake.data(), store)
    lake.land(0, distance=[-1.0] * 10)
    Path(before.snapshot).write_bytes(b"something else")
    with pytest.raises(Refuse, match="is gone"):
        pin(lake.data(revision=before.revision), store)


def test_a_single_file_is_a_source(lake, store):
    pinned = pin(lake.data(uri=lake.land(3).as_uri()), store)
    assert distances(pinned.snapshot) == [float(n) for n in range(30, 40)]


def test_files_still_being_written_and_markers_are_no_data(lake, store):
    before = pin(lake.data(), store)
    (lake.folder / ".day=005.parquet.tmp").write_bytes(b"half")
    (lake.folder / "_SUCCESS").touch()
    assert pin(lake.data(), store).revision == before.revision


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [
        ({"last": "2d"}, 30, 49),
        ({"from": "2013-01-02T00:00:00Z"}, 10, 49),
        ({"until": "2013-01-02T00:00:00Z"}, 0, 9),
        ({"from": "2013-01-02T01:00:00+01:00", "until": "2013-01-03T00:00:00Z"}, 10, 19),
    ],
)
def test_only_the_window_is_read(lake, store, window, first, last):
    found = distances(pin(lake.data(window=window), store).snapshot)
    assert (found[0], found[-1]) == (float(first), float(last))


def test_a_window_without_rows_is_refused(lake, store):
    with pytest.raises(Refuse, match=r"widen spec\.data\.window") as refused:
        pin(lake.data(window={"from": "2020-01-01T00:00:00Z"}), store)
    assert refused.value.reason == "DataEmpty"


def test_only_the_columns_that_are_asked_for_are_kept(lake, store):
    pinned = pin(lake.data(features=["distance"], expectations=[{"column": "carrier", "oneOf": ["AA"]}]), store)
    assert list(pinned.columns) == ["distance", "carrier", "late", "at"]


def test_types_that_differ_between_files_are_brought_together(lake, store):
    lake.land(5, distance=pa.array(range(10), pa.int32()), carrier=pa.array(["AA"] * 10).dictionary_encode())
    lake.land(6, distance=pa.nulls(10), carrier=pa.nulls(10))
    pinned = pin(lake.data(), store)
    assert (pinned.rows, pinned.columns["distance"], pinned.columns["carrier"]) == (70, "float", "string")


def test_a_column_without_any_value_counts_as_missing_numbers(lake, store):
    for day in range(5):
        lake.land(day, distance=pa.nulls(10))
    assert pin(lake.data(), store).columns["distance"] == "float"


@pytest.mark.parametrize(
    ("break_it", "reason", "message"),
    [
        (lambda lake: (lake.folder / "x.csv").write_text("a,b\n"), "DataUnreadable", r"x\.csv is no Parquet file"),
        (lambda lake: (lake.folder / "x.parquet").touch(), "DataUnreadable", r"x\.parquet is no Parquet file"),
        (lambda lake: lake.land(5, late=["yes"] * 10), "DataUnreadable", "do not agree on a column's type"),
        (lambda lake: shutil.rmtree(lake.folder), "DataUnreadable", r"holds no data file: correct spec\.data\.uri"),
    ],
)
def test_files_that_cannot_be_read_are_named(lake, store, break_it, reason, message):
    break_it(lake)
    with pytest.raises(Refuse, match=message) as refused:
        pin(lake.data(), store)
    assert refused.value.reason == reason


def test_a_truncated_file_is_named(lake, store):
    path = lake.land(5)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(Refuse, match=r"day=005\.parquet is no Parquet file"):
        pin(lake.data(), store)


def test_a_missing_column_is_told_with_what_there_is_instead(lake, store):
    with pytest.raises(Refuse, match=r"no column 'delay'; it has at, distance, carrier, late") as refused:
        pin(lake.data(features=["delay"]), store)
    assert refused.value.reason == "ColumnMissing"


def test_a_time_column_that_holds_no_times_is_refused(lake, store):
    with pytest.raises(Refuse, match="'distance' is float, not a timestamp") as refused:
        pin(lake.data(time="distance"), store)
    assert refused.value.reason == "ColumnNotSupported"
