"""A CSV as rows: what packs it, what parts its columns, and what stands before a fraction are told by its start."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from trimtab.compare.errors import CompareError

Types = dict[str, pa.DataType]

_GZIP = b"\x1f\x8b"
_SEPARATORS = ",;\t|"
_QUOTED = re.compile('"[^"]*"')
_JSON = re.compile(r'\s*(\{\s*"|\[\s*[\[{"\d])')
_HEAD = 1 << 20
"""Bytes in which the names are sought."""
_BLOCK = 1 << 24
"""Bytes by whose look the types are told."""


@dataclass(frozen=True)
class CsvFile:
    """A CSV with a line of names, plain or packed by gzip; `path` is what a person called it."""

    path: Path

    def rows(self, types: Types | None = None, point: str = "") -> pa.csv.CSVStreamingReader:
        """Read batches; of types that the first block tells where none are given."""
        return pa.csv.open_csv(
            self._bytes(),
            pa.csv.ReadOptions(block_size=_BLOCK),
            pa.csv.ParseOptions(delimiter=self.separator),
            pa.csv.ConvertOptions(column_types=types, decimal_point=point or self._point),
        )

    def _bytes(self) -> pa.NativeFile:
        with self.path.open("rb") as file:
            packed = file.read(len(_GZIP)) == _GZIP
        return pa.input_stream(str(self.path), compression="gzip" if packed else None)

    @cached_property
    def separator(self) -> str:
        """The separator that the names have most of, and the first row as many."""
        with self._bytes() as stream:
            head = stream.read(_HEAD).decode(errors="replace")
        if "\0" in head:
            raise CompareError(f"{self.path} is neither Parquet nor a CSV in UTF-8; write it as one of them")
        if _JSON.match(head):
            raise CompareError(f"{self.path} is JSON; write it as Parquet, or as a CSV with a line of names")
        names, *first = (Counter(_QUOTED.sub("", line)) for line in re.split(r"[\r\n]+", head.strip("\r\n"))[:2])
        held = [mark for mark in _SEPARATORS if names[mark]] or [","]
        agreeing = [mark for mark in held if all(row[mark] == names[mark] for row in first)]
        return max(agreeing or held, key=names.__getitem__)

    @cached_property
    def _point(self) -> str:
        """The mark before a fraction: beside semicolons it is the comma, where that makes numbers of more columns."""
        return "." if self.separator != ";" else max(".,", key=self._numbers)

    def _numbers(self, point: str) -> int:
        with self.rows(point=point) as rows:
            return sum(map(pa.types.is_floating, rows.schema.types))

    def pointed(self, texts: pa.Array, type_: pa.DataType) -> pa.Array:
        """Texts of fractions as they are written elsewhere."""
        if self._point == "." or not pa.types.is_floating(type_):
            return texts
        return pc.replace_substring(pc.replace_substring(texts, ".", "_"), ",", ".")
