"""One table is the same in whatever file it lies."""

import gzip

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.runtime_unit.compare.tables import frame
from trimtab.compare import CompareError, Terms, compare, csv_file
from trimtab.compare.table import Table


@pytest.fixture
def opened(tmp_path):
    """Writes bytes or a text to a file and opens it as a table."""

    def write(content, name="table.csv"):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        scratch = tmp_path / f"{name}.scratch"
        scratch.mkdir()
        return Table.open(tmp_path / name, scratch)

    return write


@pytest.fixture
def small_blocks(monkeypatch):
    """Types are told by the first few rows."""
    monkeypatch.setattr(csv_file, "_BLOCK", 64)


def test_a_table_is_stable_against_itself_as_csv_and_as_parquet(tmp_path):
    random = np.random.default_rng(1)
    rows = frame(1).assign(
        text=lambda rows: random.choice(["NA", "null", "nan", "a"], len(rows)),
        flag=lambda rows: rows["value"] > 0,
        word=lambda rows: rows["flag"].map({True: "True", False: "FALSE"}),
        hollow=lambda rows: rows["kind"].replace("a", ""),
    )
    rows.to_csv(tmp_path / "rows.csv", index=False)
    rows.to_parquet(tmp_path / "rows.parquet")
    tables = tuple(Table.open(tmp_path / f"rows.{kind}", tmp_path) for kind in ("csv", "parquet"))
    found = compare(tables, Terms())
    assert {drift.feature for drift in found.drifts} == set(rows.columns)
    assert {(drift.verdict, drift.distance) for drift in found.drifts} == {("Stable", 0.0)}
    assert all(drift.missing_reference == drift.missing_current for drift in found.drifts)


@pytest.mark.parametrize("kinds", [("csv", "parquet"), ("parquet", "csv")])
def test_digits_and_dates_that_a_parquet_says_are_text_are_text_in_a_csv_too(kinds, tmp_path):
    random = np.random.default_rng(1)
    rows = frame(1).assign(
        code=lambda rows: random.choice(["007", "10", "2"], len(rows)),
        date=lambda rows: random.choice(["2013-01-01", "2013-01-02"], len(rows)),
    )
    rows.to_csv(tmp_path / "rows.csv", index=False)
    rows.to_parquet(tmp_path / "rows.parquet")
    found = compare(Table.open_both(*(tmp_path / f"rows.{kind}" for kind in kinds), tmp_path), Terms())
    assert {drift.feature for drift in found.drifts} == set(rows.columns)
    assert {(drift.verdict, drift.distance) for drift in found.drifts} == {("Stable", 0.0)}


def test_digits_of_one_csv_beside_words_of_another_are_told(tmp_path):
    for name, code in (("before", "1"), ("now", "b")):
        (tmp_path / f"{name}.csv").write_text("code\n" + f"{code}\n" * 60)
    tables = Table.open_both(tmp_path / "before.csv", tmp_path / "now.csv", tmp_path)
    with pytest.raises(CompareError, match=r"'code' \(number and category\)"):
        compare(tables, Terms())


def test_na_is_missing_among_numbers_and_a_text_among_texts(opened):
    table = opened("number,text\n1,NA\nNA,b\n3,\n")
    texts = table.read("text", "category")
    assert table.kinds == {"number": "number", "text": "category"}
    assert np.isnan(table.read("number", "number").values).tolist() == [False, True, False]
    assert (texts.names, list(texts.values)) == (("NA", "b"), [0, 1, -1])


def late(first, last, rows=50):
    return "x,y\n" + f"{first},1\n" * rows + f"{last},1\n"


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(
    ("first", "last", "kind"),
    [("1", "1.5", "number"), ("", "1.5", "number"), ("NA", "b", "category"), ("1", "b", "category")],
)
def test_a_column_is_what_all_its_rows_say(first, last, kind, opened):
    assert opened(late(first, last)).kinds == {"x": kind, "y": "number"}


@pytest.mark.usefixtures("small_blocks")
def test_columns_without_a_value_and_dates_stay_what_they_are_beside_one_that_changes(opened):
    rows = "x,empty,date\n" + "1,,2026-11-26\n" * 50 + "b,,2026-11-27\n"
    assert opened(rows).kinds == {"x": "category", "empty": "empty", "date": None}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_separator_is_recognised(separator, opened):
    rows = [["value", '"a,b,c;d"'], ["1.5", "x"], ["2.5", "y"]]
    table = opened("\n".join(separator.join(row) for row in rows))
    assert table.kinds == {"value": "number", "a,b,c;d": "category"}


def test_a_mark_in_a_name_is_no_separator_where_the_first_row_has_none(opened):
    assert list(opened("a|b|c,d\n1,2\n").kinds) == ["a|b|c", "d"]


def test_beside_semicolons_a_comma_may_stand_before_a_fraction(opened):
    for half in ("1,5", "1.5"):
        column = opened(f"x;y\n{half};a\n2;b\n", f"{half}.csv").read("x", "number")
        assert list(column.values) == [1.5, 2.0]


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(("last", "kind"), [("1,5", "number"), ("1.5", "category")])
def test_so_it_may_in_a_late_row(last, kind, opened):
    assert opened("x;z;y\n" + "1;;0,5\n" * 50 + f"2;{last};0,5\n").kinds == {"x": "number", "y": "number", "z": kind}


def test_the_format_is_told_by_the_first_bytes(tmp_path, opened):
    frame(1).to_parquet(tmp_path / "rows.parquet")
    assert opened((tmp_path / "rows.parquet").read_bytes(), "rows.csv").rows == 5000
    assert opened("a,b\n1,2\n", "rows.txt").rows == 1
    assert opened(gzip.compress(b"a,b\n1,2\n"), "rows.csv.gz").kinds == {"a": "number", "b": "number"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x,x,y\n1,2,3\n", "column 'x' is there twice; rename one"),
        ("x,y\n1,2,3\n", "Expected 2 columns, got 3"),
        ("x,y\n1,Zürich\n".encode("latin-1"), "is not UTF-8: column 'y'; save it as UTF-8"),
        ("Zürich,y\n1,2\n".encode("latin-1"), "is not UTF-8; save it as UTF-8"),
        ("x,y\n1,2\n".encode("utf-16"), "is neither Parquet nor a CSV in UTF-8"),
        (b"", "holds no rows"),
        (b"PAR1 and no more", "is no Parquet that can be read; write it again"),
        (gzip.compress(b"a,b\n" + b"1,2\n" * 1000)[:-20], "cannot be read"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(content, message, opened):
    with pytest.raises(CompareError, match=message) as raised:
        opened(content)
    assert "table.csv" in str(raised.value)


@pytest.mark.usefixtures("small_blocks")
def test_a_letter_that_is_not_utf8_is_told_in_a_late_row_too(opened):
    with pytest.raises(CompareError, match="is not UTF-8"):
        opened(late("a", "Zürich").encode("latin-1"))


def test_two_columns_of_one_name_are_told_in_parquet_too(tmp_path):
    pq.write_table(pa.table([[1], [2]], names=["x", "x"]), tmp_path / "twins.parquet")
    with pytest.raises(CompareError, match="column 'x' is there twice"):
        Table.open(tmp_path / "twins.parquet", tmp_path)


def test_a_folder_and_a_file_that_may_not_be_read_are_told(tmp_path, monkeypatch):
    with pytest.raises(CompareError, match="is a folder; name one file"):
        Table.open(tmp_path, tmp_path)

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "secret.csv").write_text("a\n1\n")
    monkeypatch.setattr("pathlib.Path.open", refused)
    with pytest.raises(CompareError, match=r"secret\.csv cannot be read: Permission denied"):
        Table.open(tmp_path / "secret.csv", tmp_path)


def test_lists_are_no_blocks(tmp_path):
    pd.DataFrame({"days": [[1], [2]], "x": [1, 2]}).to_parquet(tmp_path / "lists.parquet")
    table = Table.open(tmp_path / "lists.parquet", tmp_path)
    with pytest.raises(CompareError, match="'days' holds no single values; name another --block"):
        table.labels("days")
