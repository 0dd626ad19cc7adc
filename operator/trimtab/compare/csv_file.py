"""A CSV rewritten as Parquet, in a stream: its separator and the types of its columns are told by a look at its start.

Where a later row disagrees with its column's type, all rows are looked at once and then read. In numbers and dates such
texts as NA stand for missing; in a column of texts they are texts, as they are in Parquet.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from trimtab.compare.errors import CompareError

Types = dict[str, pa.DataType]

_GZIP = b"\x1f\x8b"
_SEPARATORS = ",;\t|"
_QUOTED = re.compile('"[^"]*"')
_HEAD = 1 << 20
"""Bytes in which the names are sought."""
_BLOCK = 1 << 24
"""Bytes by whose look the types are told."""
_MISSING = pa.array(pa.csv.ConvertOptions().null_values)
"""Texts that stand for a missing number."""


@dataclass(frozen=True)
class CsvFile:
    """A CSV with a line of names, plain or packed by gzip; `path` is what a person called it."""

    path: Path

    def rewrite(self, parquet: Path) -> None:
        """Write it as Parquet.

        Raises:
            CompareError: it is no CSV that can be read, or names a column twice.

        """
        try:
            types = self._types_of_first_rows()
            try:
                self._write(parquet, types)
            except pa.ArrowInvalid:  # a later row is of another type
                self._write(parquet, self._types_of_all_rows(types))
        except UnicodeDecodeError as error:
            raise CompareError(_not_utf8(self.path)) from error
        except pa.ArrowException as error:
            raise CompareError(self._told(str(error))) from error

    def _write(self, parquet: Path, types: Types) -> None:
        with self._rows(types) as rows, pq.ParquetWriter(parquet, rows.schema) as writer:
            for batch in rows:
                writer.write_batch(batch)

    def _rows(self, types: Types | None = None) -> pa.csv.CSVStreamingReader:
        return pa.csv.open_csv(
            self._bytes(),
            pa.csv.ReadOptions(block_size=_BLOCK),
            pa.csv.ParseOptions(delimiter=self._separator),
            pa.csv.ConvertOptions(column_types=types),
        )

    def _bytes(self) -> pa.NativeFile:
        with self.path.open("rb") as file:
            packed = file.read(len(_GZIP)) == _GZIP
        return pa.input_stream(str(self.path), compression="gzip" if packed else None)

    @cached_property
    def _separator(self) -> str:
        """The separator that the names have most of, and the first row as many."""
        with self._bytes() as stream:
            head = stream.read(_HEAD).decode(errors="replace")
        if "\0" in head:
            raise CompareError(f"{self.path} is neither Parquet nor a CSV in UTF-8; write it as one of them")
        names, *first = (Counter(_QUOTED.sub("", line)) for line in re.split(r"[\r\n]+", head)[:2])
        held = [mark for mark in _SEPARATORS if names[mark]] or [","]
        agreeing = [mark for mark in held if all(row[mark] == names[mark] for row in first)]
        return max(agreeing or held, key=names.__getitem__)

    def _types_of_first_rows(self) -> Types:
        with self._rows() as rows:
            types = {field.name: _wide(field.type) for field in refuse_twins(self.path, rows.schema)}
        for name, type_ in types.items():
            if pa.types.is_binary(type_):
                raise CompareError(_not_utf8(self.path, f": column '{name}'"))
        return types

    def _types_of_all_rows(self, first: Types) -> Types:
        """The types that hold to the last row; text where none does."""
        types = {name: pa.float64() if pa.types.is_null(type_) else type_ for name, type_ in first.items()}
        held: set[str] = set()
        with self._rows(dict.fromkeys(first, pa.string())) as rows:
            for batch in rows:
                for name in (name for name, type_ in types.items() if type_ != pa.string()):
                    values = batch.column(name)
                    present = values.filter(pc.invert(pc.is_in(values, value_set=_MISSING)))
                    held.update([name] if len(present) else [])
                    types[name] = types[name] if _are(present, types[name]) else pa.string()
        return {name: type_ if name in held else first[name] for name, type_ in types.items()}

    def _told(self, error: str) -> str:
        if "UTF8" in error:
            return _not_utf8(self.path)
        if "Empty CSV file" in error:
            return f"{self.path} holds no rows"
        return f"{self.path} is no CSV that can be read, with {self._separator!r} between columns: {error}"


def refuse_twins(path: Path, schema: pa.Schema) -> pa.Schema:
    """Hand the schema back.

    Raises:
        CompareError: two of its columns have one name.

    """
    if twins := [name for name, times in Counter(schema.names).items() if times > 1]:
        raise CompareError(f"{path}: column '{twins[0]}' is there twice; rename one")
    return schema


def _wide(type_: pa.DataType) -> pa.DataType:
    """The type to read a column as: later integers may have a fraction, and a flag is a text like any other."""
    if pa.types.is_integer(type_):
        return pa.float64()
    return pa.string() if pa.types.is_boolean(type_) else type_


def _are(texts: pa.Array, type_: pa.DataType) -> bool:
    try:
        pc.utf8_trim_whitespace(texts).cast(type_)
    except pa.ArrowException:
        return False
    return True


def _not_utf8(path: Path, where: str = "") -> str:
    return f"{path} is not UTF-8{where}; save it as UTF-8, or as Parquet"
