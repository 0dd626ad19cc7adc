"""Pin a source: read it once, keep exactly what was read.

A pinned revision is served by those of the source's files that it named, if they are unchanged (others may have come: a
folder of daily partitions), else by the snapshot an earlier run made of the same selection. Otherwise it is gone, and
the run says so instead of reading something else.
"""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from trimtab import storage
from trimtab.api.reasons import TrainingReason
from trimtab.api.trainingrun import Data, DataPin
from trimtab.data.columns import canonical, kinds, settled
from trimtab.data.selection import in_window, newest, pick
from trimtab.data.source import Listing, Source
from trimtab.data.store import Store, faults_told
from trimtab.errors import Refuse


@dataclass(frozen=True)
class Reading:
    """What was read of a source: the files, and the wanted columns of all their rows."""

    listing: Listing
    table: pa.Table


def pin(data: Data, root: str | Path) -> DataPin:
    """Read the rows `data` asks for into the store under `root`, and say what was read.

    Raises:
        Refuse: DataUnreadable, RevisionNotFound, ColumnMissing, ColumnNotSupported, DataEmpty.
        Retry: DataUnreadable (the file system failed), DiskFull.

    """
    store, source = Store(root), Source(data.uri)
    if data.revision != "latest":
        return _pinned(data, source, store)
    names = source.names()
    if not names:
        message = f"{data.uri} holds no data file: correct spec.data.uri, or put Parquet files there"
        raise Refuse(TrainingReason.DATA_UNREADABLE, message)
    return _keep(data, store, _read(data, source, names))


def load(address: str | Path, columns: list[str] | None = None) -> pa.Table:
    """The rows of a snapshot.

    Raises:
        Retry: StoreUnavailable.

    """
    place = str(address)
    if not storage.is_remote(place):
        return pq.read_table(storage.path_of(place), columns=columns, memory_map=True)
    with faults_told(place):
        return pq.read_table(pa.BufferReader(storage.read(place)), columns=columns)


def to_parquet(table: pa.Table) -> bytes:
    """The table as Parquet: the same rows give the same bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(None), sink, compression="zstd", row_group_size=1 << 17)
    return bytes(sink.getvalue())


def _pinned(data: Data, source: Source, store: Store) -> DataPin:
    listing, there = store.listing(data.revision), source.names()
    names = [file.name for file in listing.files] if listing else there
    if names and set(names) <= set(there):
        reading = _read(data, source, names)
        if reading.listing.revision == data.revision:
            return _keep(data, store, reading)
    digest = store.snapshot_of(data.revision, _selection(data))
    if digest is None:
        message = f"{data.revision} is gone: {data.uri} holds other files and no snapshot of it was kept here"
        raise Refuse(TrainingReason.REVISION_NOT_FOUND, f"{message}. Use `latest`, or restore the files")
    return _describe(data, data.revision, store.address(digest), digest)


def _read(data: Data, source: Source, names: list[str]) -> Reading:
    files, tables = [], []
    for file, content in source.contents(names):
        files.append(file)
        tables.append(_table(content, data, storage.join(source.uri, file.name)))
    try:
        table = settled(pa.concat_tables(tables, promote_options="permissive"))
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        message = f"the files of {data.uri} do not agree on a column's type: {_brief(error)}"
        raise Refuse(TrainingReason.DATA_UNREADABLE, message) from error
    return Reading(Listing(tuple(files)), table)


def _table(content: bytes, data: Data, where: str) -> pa.Table:
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        return canonical(file.read(columns=pick(file.schema_arrow.names, data, where)))
    except (pa.ArrowInvalid, OSError) as error:
        message = f"{where} is no Parquet file ({_brief(error)}): repair or remove it"
        raise Refuse(TrainingReason.DATA_UNREADABLE, message) from error


def _keep(data: Data, store: Store, reading: Reading) -> DataPin:
    digest = store.keep(to_parquet(in_window(reading.table, data)))
    store.remember(reading.listing, _selection(data), digest)
    return _describe(data, reading.listing.revision, store.address(digest), digest)


def _describe(data: Data, revision: str, address: str, digest: str) -> DataPin:
    table = load(address)
    return DataPin(
        uri=data.uri,
        revision=revision,
        digest=digest,
        snapshot=address,
        rows=table.num_rows,
        columns=kinds(table.schema),
        newest=newest(table, data.time),
    )


def _selection(data: Data) -> str:
    checked = sorted(expectation.column for expectation in data.expectations)
    return data.model_dump_json(include={"uri", "time", "window", "target", "features"}) + ",".join(checked)


def _brief(error: Exception) -> str:
    return str(error).splitlines()[0][:120]
