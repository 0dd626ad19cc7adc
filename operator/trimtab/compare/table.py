"""A table that lies in a file, read a column at a time: memory is that of the columns at hand, never of the file.

Parquet holds each column of a row group in one piece, so one column costs one column. CSV does not; it is rewritten as
Parquet, in a stream, in a folder that the caller throws away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from trimtab.compare.errors import CompareError

Kind = Literal["number", "category"]
Found = Kind | Literal["empty"] | None
"""What a file tells of a column: empty where it holds no value, None for times and nested values."""

_CSV_BLOCK = 1 << 24
"""Bytes of a CSV by whose look the types of its columns are told."""


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
    def open(cls, path: Path, scratch: Path) -> Self:
        """Open a CSV or Parquet file; a CSV is written to `scratch` first.

        Raises:
            CompareError: it is not there, is neither of the two, or holds no rows.

        """
        if not path.is_file():
            raise CompareError(f"no file at {path}")
        try:
            parquet = _rewritten(path, scratch) if path.suffix.lower() == ".csv" else path
            metadata = pq.read_metadata(parquet)
        except pa.ArrowException as error:
            raise CompareError(f"{path} is neither CSV nor Parquet that can be read: {error}") from error
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
        try:
            with pq.ParquetFile(self.parquet, metadata=self.metadata) as file:
                values = file.read([name], use_threads=False).column(name)
        except (pa.ArrowException, OSError) as error:
            raise CompareError(f"{self.path}: column '{name}' cannot be read: {error}") from error
        return _category(values) if kind == "category" else Column(_numbers(values))

    def labels(self, name: str) -> Column:
        """Read any column, times included, as names of what rows belong to."""
        with pq.ParquetFile(self.parquet, metadata=self.metadata) as file:
            return _category(file.read([name], use_threads=False).column(name))


def _kind(type_: pa.DataType) -> Found:
    if pa.types.is_null(type_):
        return "empty"
    if pa.types.is_dictionary(type_):
        return "category" if _kind(type_.value_type) == "category" else _kind(type_.value_type)
    if pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        return "number"
    texts = pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_)
    return "category" if texts or pa.types.is_boolean(type_) else None


def _numbers(values: pa.ChunkedArray) -> npt.NDArray[np.floating]:
    narrow = values.type in (pa.float16(), pa.float32())
    numbers = values.cast(pa.float32() if narrow else pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(numbers), numbers, np.array(np.nan, dtype=np.float32 if narrow else np.float64))


def _category(values: pa.ChunkedArray) -> Column:
    plain = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
    encoded = pc.dictionary_encode(plain.cast(pa.string())).combine_chunks()
    whole = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    return Column(
        pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False),
        tuple(whole.dictionary.to_pylist()),
    )


def _rewritten(path: Path, scratch: Path) -> Path:
    parquet = scratch / f"{len(list(scratch.iterdir()))}.parquet"
    options = pa.csv.ConvertOptions(strings_can_be_null=True)
    with (
        pa.csv.open_csv(path, pa.csv.ReadOptions(block_size=_CSV_BLOCK), convert_options=options) as rows,
        pq.ParquetWriter(parquet, rows.schema) as writer,
    ):
        for batch in rows:
            writer.write_batch(batch)
    return parquet
