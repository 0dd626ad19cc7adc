"""A CSV rewritten as Parquet, in a stream, with types that hold to the last row.

They are those of the first block; where a later row disagrees all rows are looked at once, and then read. In numbers
and dates such texts as NA stand for missing; in a column of texts they are texts, as they are in Parquet.
"""

from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from trimtab.compare.csv_file import CsvFile, Types
from trimtab.compare.errors import CompareError

_MISSING = pa.array(pa.csv.ConvertOptions().null_values)
"""Texts that stand for a missing number."""


def rewrite(path: Path, parquet: Path, texts: Collection[str] = ()) -> None:
    """Write a CSV as Parquet; the columns named in `texts` as text, the others as what they look like.

    Raises:
        CompareError: it is no CSV that can be read, or names a column twice.

    """
    file = CsvFile(path)
    try:
        types = {n: pa.string() if n in texts else type_ for n, type_ in _types_of_first_rows(file).items()}
        try:
            _write(file, parquet, types)
        except pa.ArrowInvalid:  # a later row is of another type
            _write(file, parquet, _types_of_all_rows(file, types))
    except UnicodeDecodeError as error:
        raise CompareError(_not_utf8(path)) from error
    except pa.ArrowException as error:
        raise CompareError(_told(file, str(error))) from error


def refuse_twins(path: Path, schema: pa.Schema) -> pa.Schema:
    """Hand the schema back.

    Raises:
        CompareError: two of its columns have one name.

    """
    if twins := [name for name, times in Counter(schema.names).items() if times > 1]:
        raise CompareError(f"{path}: column '{twins[0]}' is there twice; rename one")
    return schema


def _write(file: CsvFile, parquet: Path, types: Types) -> None:
    with file.rows(types) as rows, pq.ParquetWriter(parquet, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)


def _types_of_first_rows(file: CsvFile) -> Types:
    with file.rows() as rows:
        types = {field.name: _wide(field.type) for field in refuse_twins(file.path, rows.schema)}
    for name, type_ in types.items():
        if pa.types.is_binary(type_):
            raise CompareError(_not_utf8(file.path, f": column '{name}'"))
    return types


def _types_of_all_rows(file: CsvFile, first: Types) -> Types:
    """The types that hold to the last row; text where none does."""
    types = {name: pa.float64() if pa.types.is_null(type_) else type_ for name, type_ in first.items()}
    held: set[str] = set()
    with file.rows(dict.fromkeys(first, pa.string())) as rows:
        for batch in rows:
            for name in (name for name, type_ in types.items() if type_ != pa.string()):
                values = batch.column(name)
                present = values.filter(pc.invert(pc.is_in(values, value_set=_MISSING)))
                held.update([name] if len(present) else [])
                types[name] = types[name] if _are(file.pointed(present, types[name]), types[name]) else pa.string()
    return {name: type_ if name in held else first[name] for name, type_ in types.items()}


def _told(file: CsvFile, error: str) -> str:
    if "UTF8" in error:
        return _not_utf8(file.path)
    if "Empty CSV file" in error:
        return f"{file.path} holds no rows"
    return f"{file.path} is no CSV that can be read, with {file.separator!r} between columns: {error}"


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
