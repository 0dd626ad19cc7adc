"""Types of columns, in the five words of the API, and the one form in which each is kept.

Sources differ in how they write the same thing (int32 or int64, dictionaries or strings, zones or none); a snapshot
does not: integers are int64, decimals and floats float64, texts string, times microseconds in UTC without a zone.
"""

import pyarrow as pa

KINDS = {
    "int": pa.int64(),
    "float": pa.float64(),
    "string": pa.string(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us"),
}
"""Word of the API → the type it is kept as."""


def kind_of(dtype: pa.DataType) -> str:
    """The word for a type; a type without one (a list, a struct) keeps Arrow's own name."""
    if pa.types.is_dictionary(dtype):
        return kind_of(dtype.value_type)
    checks = (
        (pa.types.is_boolean, "bool"),
        (pa.types.is_integer, "int"),
        (pa.types.is_floating, "float"),
        (pa.types.is_decimal, "float"),
        (pa.types.is_string, "string"),
        (pa.types.is_large_string, "string"),
        (pa.types.is_timestamp, "timestamp"),
        (pa.types.is_date, "timestamp"),
    )
    return next((word for is_kind, word in checks if is_kind(dtype)), str(dtype))


def kinds(schema: pa.Schema) -> dict[str, str]:
    """Column names and their words, in order."""
    return {field.name: kind_of(field.type) for field in schema}


def canonical(table: pa.Table) -> pa.Table:
    """Return the table with each column in its one form; columns without a word stay as they are."""
    fields = [pa.field(field.name, KINDS.get(kind_of(field.type), field.type)) for field in table.schema]
    plain = [_without_zone(column) for column in table.columns]
    return pa.table(plain, names=table.column_names).cast(pa.schema(fields), safe=False)


def _without_zone(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        return column.cast(pa.timestamp(column.type.unit))
    return column


def settled(table: pa.Table) -> pa.Table:
    """Return the table with columns that hold no value in any file, and so have no type, as float64."""
    nowhere = [pa.types.is_null(field.type) for field in table.schema]
    fields = [pa.field(f.name, pa.float64() if null else f.type) for f, null in zip(table.schema, nowhere, strict=True)]
    return table.cast(pa.schema(fields))
