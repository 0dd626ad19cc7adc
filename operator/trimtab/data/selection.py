"""Which rows and columns of a source a run reads. Pure: tables in, tables out."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trimtab.api.common import parse_duration
from trimtab.api.reasons import TrainingReason
from trimtab.api.trainingrun import Data, TimeWindow
from trimtab.data.columns import KINDS, kind_of
from trimtab.errors import Refuse


def features_of(data: Data, columns: list[str]) -> list[str]:
    """The columns the model sees, in order."""
    return data.features or [name for name in columns if name not in (data.target, data.time)]


def wanted(data: Data, available: list[str]) -> list[str]:
    """The columns a run reads, in order: features, checked columns, target, time."""
    checked = [expectation.column for expectation in data.expectations]
    ends = [data.target, *([data.time] if data.time else [])]
    return list(dict.fromkeys([*features_of(data, available), *checked, *ends]))


def pick(table_columns: list[str], data: Data, where: str) -> list[str]:
    """The wanted columns, all of which must be there.

    Raises:
        Refuse: ColumnMissing, naming the columns and what there is instead.

    """
    names = wanted(data, table_columns)
    missing = [name for name in names if name not in table_columns]
    if missing:
        there = ", ".join(table_columns)
        message = (
            f"{where} has no column {', '.join(map(repr, missing))}; it has {there}. Correct spec.data or the file"
        )
        raise Refuse(TrainingReason.COLUMN_MISSING, message)
    return names


def in_window(table: pa.Table, data: Data) -> pa.Table:
    """Rows of the window, in order of time when there is one. Rows without a time stay: validation tells of them.

    Raises:
        Refuse: ColumnNotSupported when `data.time` holds no times, DataEmpty when no row is left.

    """
    if data.time is not None:
        _require_times(table, data.time)
        if data.window is not None:
            table = table.filter(_mask(table.column(data.time), data.window))
        table = table.take(pc.sort_indices(table, sort_keys=[(data.time, "ascending")]))
    if table.num_rows == 0:
        raise Refuse(TrainingReason.DATA_EMPTY, f"no row of {data.uri} is left: widen spec.data.window")
    return table


def newest(table: pa.Table, time: str | None) -> datetime | None:
    """Time of the newest row, in UTC."""
    latest = pc.max(table.column(time)).as_py() if time else None
    return latest.replace(tzinfo=UTC) if latest else None


def _mask(times: pa.ChunkedArray, window: TimeWindow) -> pa.ChunkedArray:
    mask = pc.is_valid(times)
    latest = pc.max(times).as_py()
    if window.last is not None and latest is not None:
        mask = pc.and_(mask, pc.greater(times, _moment(latest - parse_duration(window.last))))
    if window.from_ is not None:
        mask = pc.and_(mask, pc.greater_equal(times, _moment(window.from_)))
    if window.until is not None:
        mask = pc.and_(mask, pc.less(times, _moment(window.until)))
    return pc.or_(pc.fill_null(mask, fill_value=False), pc.is_null(times))


def _moment(time: datetime) -> Any:
    plain = time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    return pa.scalar(plain, type=KINDS["timestamp"])


def _require_times(table: pa.Table, time: str) -> None:
    kind = kind_of(table.schema.field(time).type)
    if kind != "timestamp":
        message = f"spec.data.time: {time!r} is {kind}, not a timestamp; name a timestamp column or convert it"
        raise Refuse(TrainingReason.COLUMN_NOT_SUPPORTED, message)
