"""What the data must be like before anything is trained on it. Pure: a table in, the first fault out.

Each fault names the column, how many values are wrong, and what to do. Order: the columns' types, the target, what the
user expects of single columns. Cost: one pass of Arrow's kernels per expectation.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from trimtab.api.reasons import TrainingReason
from trimtab.api.trainingrun import Data, Expectation
from trimtab.data.columns import kind_of
from trimtab.data.selection import features_of
from trimtab.errors import Refuse

FEATURE_KINDS = ("int", "float", "bool", "string")
_MOST = 2**53
"""Up to here a float64, which any model and any client computes with, holds every integer."""


def check(table: pa.Table, data: Data) -> None:
    """Check a snapshot.

    Raises:
        Refuse: ColumnNotSupported, TargetNotBinary or DataInvalid, with the first fault.

    """
    for fault in faults(table, data):
        raise fault


def faults(table: pa.Table, data: Data) -> Iterator[Refuse]:
    """All that is wrong, the most fundamental first."""
    yield from _unsupported(table, data)
    yield from _missing_times(table, data)
    yield from _not_binary(table, data.target)
    for expectation in data.expectations:
        yield from _unmet(table.column(expectation.column), expectation)


def _unsupported(table: pa.Table, data: Data) -> Iterator[Refuse]:
    for name in features_of(data, table.column_names):
        kind = kind_of(table.schema.field(name).type)
        if kind not in FEATURE_KINDS:
            message = f"feature {name!r} is {kind}: leave it out of spec.data.features, or make it a number or a text"
            yield Refuse(TrainingReason.COLUMN_NOT_SUPPORTED, message)
        elif kind == "int" and _count(_too_large(table.column(name))):
            message = (
                f"feature {name!r} holds integers beyond 2^53, which no model can tell apart: leave it out of "
                "spec.data.features if it is an id, or make it a text or a smaller number"
            )
            yield Refuse(TrainingReason.COLUMN_NOT_SUPPORTED, message)


def _too_large(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.or_(pc.greater(column, _MOST), pc.less(column, -_MOST))


def _missing_times(table: pa.Table, data: Data) -> Iterator[Refuse]:
    missing = table.column(data.time).null_count if data.time else 0
    if missing:
        message = (
            f"{data.time!r} is missing in {missing} of {table.num_rows} rows: drop these rows, or fill in the time"
        )
        yield Refuse(TrainingReason.DATA_INVALID, message)


def _not_binary(table: pa.Table, target: str) -> Iterator[Refuse]:
    column = table.column(target)
    seen = sorted(str(value) for value in pc.unique(column).slice(0, 9).to_pylist())
    is_number = kind_of(column.type) in ("int", "float", "bool")
    values = set(pc.unique(column.cast(pa.float64(), safe=False)).to_pylist()) if is_number else set(seen)
    if values != {0.0, 1.0}:
        message = f"spec.data.target {target!r} holds {', '.join(seen)}; it must hold 0 and 1, both, and nothing else"
        yield Refuse(TrainingReason.TARGET_NOT_BINARY, message)


def _unmet(column: pa.ChunkedArray, wanted: Expectation) -> Iterator[Refuse]:
    kind, rows = kind_of(column.type), len(column)
    if wanted.dtype is not None and kind != wanted.dtype:
        yield _fault(wanted.column, f"is {kind}, expected {wanted.dtype}")
        return
    if wanted.max_missing is not None and _missing(column) > wanted.max_missing * rows:
        yield _fault(
            wanted.column, f"is missing in {_missing(column)} of {rows} rows, maxMissing is {wanted.max_missing:g}"
        )
    if wanted.one_of is not None:
        yield from _foreign(column, wanted)
    if wanted.min is not None or wanted.max is not None:
        yield from _outside(column, wanted, kind)


def _outside(column: pa.ChunkedArray, wanted: Expectation, kind: str) -> Iterator[Refuse]:
    if kind not in ("int", "float", "bool"):
        yield _fault(wanted.column, f"is {kind}, so min and max say nothing about it")
        return
    numbers = column.cast(pa.float64(), safe=False)
    for bound, name, broken in ((wanted.min, "min", pc.less), (wanted.max, "max", pc.greater)):
        count = _count(broken(numbers, bound)) if bound is not None else 0
        if count:
            extreme = pc.min(numbers) if name == "min" else pc.max(numbers)
            yield _fault(
                wanted.column, f"has {count} values beyond {name} {bound:g}, the furthest is {extreme.as_py():g}"
            )


def _foreign(column: pa.ChunkedArray, wanted: Expectation) -> Iterator[Refuse]:
    texts = column.cast(pa.string())
    foreign = pc.invert(pc.or_(_blank(texts), pc.is_in(texts, value_set=pa.array(wanted.one_of))))
    count = _count(foreign)
    if count:
        examples = ", ".join(sorted(pc.unique(texts.filter(foreign)).to_pylist())[:3])
        yield _fault(wanted.column, f"has {count} values that are not in oneOf, such as {examples}")


def _missing(column: pa.ChunkedArray) -> int:
    return _count(_blank(column))


def _blank(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Rows without a value; NaN and the empty text are missing too."""
    blank = pc.is_null(column, nan_is_null=True)
    if pa.types.is_string(column.type):
        blank = pc.or_(blank, pc.equal(pc.fill_null(column, ""), ""))
    return blank


def _count(mask: pa.ChunkedArray) -> int:
    return int(pc.sum(mask).as_py() or 0)


def _fault(column: str, what: str) -> Refuse:
    message = f"{column!r} {what}: repair the data, or correct the expectation"
    return Refuse(TrainingReason.DATA_INVALID, message)
