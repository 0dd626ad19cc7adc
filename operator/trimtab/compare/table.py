"""A table that lies in a file, read a column at a time: memory is that of the columns at hand, never of the file.

Parquet holds each column of a row group in one piece, so one column costs one column. CSV does not; it is rewritten as
Parquet, in a stream, in a folder that the caller throws away. The empty text counts as missing, flags and the texts
true and false are one, and a CSV's column is text where the other table's Parquet says so, as digits may be: so a table
is the same as CSV and as Parquet.
"""

import errno
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from trimtab.compare.csv_rewritten import refuse_twins, rewrite
from trimtab.compare.errors import CompareError
from trimtab.compare.values import categories, numbers

Kind = Literal["number", "category"]
Found = Kind | Literal["empty"] | None
"""What a file tells of a column: empty where it holds no value, None for times and nested values."""

_PARQUET = b"PAR1"
"""What every Parquet file begins with, whatever it is called."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column, of shape (rows,): numbers, NaN where missing or infinite; or places in `names`, -1 where missing."""

    values: npt.NDArray[np.generic]
    names: tuple[str, ...] | None = None

    @property
    def rows(self) -> int:
        return self.values.size


@dataclass(frozen=True)
class Table:
    """A Parquet file; `path` is what a person called it."""

    path: Path
    parquet: Path
    metadata: pq.FileMetaData

    @classmethod
    def open_both(cls, reference: Path, current: Path, scratch: Path) -> tuple[Self, Self]:
        """Open two tables that are to be compared.

        Raises:
            CompareError: one of them is not there, is neither CSV nor Parquet, or holds no rows.

        """
        texts = _declared_texts(reference) | _declared_texts(current)
        return cls.open(reference, scratch, texts), cls.open(current, scratch, texts)

    @classmethod
    def open(cls, path: Path, scratch: Path, texts: Collection[str] = ()) -> Self:
        """Open a CSV or Parquet file, told by its first bytes; a CSV is written to `scratch` first.

        Columns of a CSV that are named in `texts` are text, whatever they look like.

        Raises:
            CompareError: it is not there, is neither of the two, or holds no rows.

        """
        if not path.is_file():
            raise CompareError(f"{path} is a folder; name one file" if path.is_dir() else f"no file at {path}")
        try:
            parquet = path if _is_parquet(path) else _rewritten(path, scratch, texts)
            metadata = pq.read_metadata(parquet)
        except pa.ArrowException as error:
            raise CompareError(f"{path} is no Parquet that can be read; write it again: {error}") from error
        except OSError as error:
            raise CompareError(_no_access(path, scratch, error)) from error
        refuse_twins(path, metadata.schema.to_arrow_schema())
        if metadata.num_rows == 0:
            raise CompareError(f"{path} holds no rows")
        return cls(path, parquet, metadata)

    @property
    def rows(self) -> int:
        return int(self.metadata.num_rows)

    @cached_property
    def kinds(self) -> Mapping[str, Found]:
        """What each column is."""
        return {field.name: _kind(field.type) for field in self.metadata.schema.to_arrow_schema()}

    def read(self, name: str, kind: Kind) -> Column:
        """Read a column by its name, as what both tables take it for.

        Raises:
            CompareError: the file is damaged.

        """
        values = self._column(name)
        return Column(*categories(values)) if kind == "category" else Column(numbers(values))

    def labels(self, name: str) -> Column:
        """Read any column, times included, as names of what rows belong to.

        Raises:
            CompareError: the file is damaged, or the column's values are no single ones.

        """
        try:
            return Column(*categories(self._column(name)))
        except pa.ArrowException as error:
            raise CompareError(f"{self.path}: '{name}' holds no single values; name another --block") from error

    def _column(self, name: str) -> pa.ChunkedArray:
        try:
            with pq.ParquetFile(self.parquet, metadata=self.metadata) as file:
                return file.read([name], use_threads=False).column(name)
        except (pa.ArrowException, OSError) as error:
            raise CompareError(f"{self.path}: column '{name}' cannot be read: {error}") from error


def _kind(type_: pa.DataType) -> Found:
    if pa.types.is_null(type_):
        return "empty"
    if pa.types.is_dictionary(type_):
        return "category" if _kind(type_.value_type) == "category" else _kind(type_.value_type)
    if pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        return "number"
    return "category" if _is_text(type_) or pa.types.is_boolean(type_) else None


def _is_text(type_: pa.DataType) -> bool:
    if pa.types.is_dictionary(type_):
        return _is_text(type_.value_type)
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def _declared_texts(path: Path) -> frozenset[str]:
    """Columns that a file declares to be text: a CSV declares nothing, nor does what cannot be opened."""
    try:
        schema = pq.read_schema(path) if _is_parquet(path) else ()
    except (OSError, pa.ArrowException):
        return frozenset()
    return frozenset(field.name for field in schema if _is_text(field.type))


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PARQUET)) == _PARQUET


def _rewritten(path: Path, scratch: Path, texts: Collection[str]) -> Path:
    parquet = scratch / f"{len(list(scratch.iterdir()))}.parquet"
    rewrite(path, parquet, texts)
    return parquet


def _no_access(path: Path, scratch: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"no room in {scratch.parent} to rewrite {path} as Parquet; name a folder with more in TMPDIR"
    return f"{path} cannot be read: {error.strerror or error}"
