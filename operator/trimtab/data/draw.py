"""Which part a group of rows is drawn into: by its own hash, so that what is held out once is held out ever after.

A block of time is drawn by its number. A row that stands alone is drawn by what it holds and not by its place, which is
another row's as soon as a window moves on or files are read in another order. Rows that hold the same are told apart by
counting them: each is drawn by itself, and which of them is which makes no difference to any model.
"""

import hashlib
import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trimtab.api.common import parse_duration
from trimtab.api.trainingrun import Data, Holdout
from trimtab.data.columns import kind_of
from trimtab.data.selection import features_of
from trimtab.data.source import digest_of

Groups = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]

_NO_NUMBER = -(2**63)


def drawn(groups: Groups, holdout: Holdout, seed: int) -> Groups:
    """Part of each row by its group: about `fraction` of them are in part 0; with `refit` all are in some part."""
    names, places = np.unique(groups, return_inverse=True)
    chances = np.array([_chance(seed, int(name)) for name in names])
    if holdout.refit:
        parts = np.floor(chances * round(1 / holdout.fraction)).astype(np.int64)
    else:
        parts = np.where(chances < holdout.fraction, 0, -1)
    rows: Groups = parts[places]
    return rows


def by_content(table: pa.Table, data: Data) -> Groups:
    """A group for each row, by what it holds, shape (rows,)."""
    content = np.zeros(table.num_rows, dtype=np.uint64)
    for name in _content(table, data):
        content = _mixed(content ^ _bits(table.column(name)))
    return _mixed(content + _copies(content)).view(np.int64)


def name_of(table: pa.Table, data: Data, seed: int) -> str | None:
    """Digest of all that decides which rows are held out: versions of one name have learnt none of each other's.

    None with `refit`, which learns them all. By `Time` the newest rows of the same source and window are held out: as
    newer ones come, what is held out begins later, never sooner (docs/decisions/0014).
    """
    if data.holdout.refit:
        return None
    block = data.block and parse_duration(data.block).total_seconds()
    facts: dict[str, Any] = {
        "by": data.holdout.by,
        "fraction": data.holdout.fraction,
        "time": data.time,
        "block": block,
    }
    if data.holdout.by == "Time":
        facts |= data.model_dump(mode="json", include={"uri", "window", "revision"})
    else:
        columns = [] if block else _content(table, data)
        facts |= {"seed": seed, "columns": {name: kind_of(table.schema.field(name).type) for name in columns}}
    return digest_of(json.dumps(facts, sort_keys=True).encode())


def _content(table: pa.Table, data: Data) -> list[str]:
    """The columns that tell one row from another, whatever is checked beside them."""
    ends = [data.target, *([data.time] if data.time else [])]
    return sorted({*features_of(data, table.column_names), *ends})


def _chance(seed: int, group: int) -> float:
    digest = hashlib.sha256(f"{seed}:{group}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def _bits(column: pa.ChunkedArray) -> Bits:
    """The values as numbers: the same value has the same one, in every table."""
    kind = kind_of(column.type)
    if kind == "string":
        return _of_texts(column)
    if kind == "float":
        numbers = column.to_numpy()
        plain = np.where(np.isnan(numbers), np.nan, numbers + 0.0)  # one NaN, one zero
    else:
        plain = pc.fill_null(column.cast(pa.int64()), _NO_NUMBER).to_numpy()
    bits: Bits = plain.view(np.uint64)
    return bits


def _of_texts(column: pa.ChunkedArray) -> Bits:
    texts = pc.unique(column)
    hashes = [hashlib.sha256(repr(text).encode()).digest()[:8] for text in texts.to_pylist()]
    by_text = np.frombuffer(b"".join(hashes), ">u8").astype(np.uint64)
    bits: Bits = by_text[pc.index_in(column, value_set=texts).to_numpy()]
    return bits


def _copies(content: Bits) -> Bits:
    """How many rows before each one hold the same."""
    order = np.argsort(content, kind="stable")
    _, first, number = np.unique(content[order], return_index=True, return_counts=True)
    copies = np.empty_like(content)
    copies[order] = np.arange(content.size) - np.repeat(first, number)
    return copies


def _mixed(numbers: Bits) -> Bits:
    """Spread each number over all 64 bits (the finalizer of SplitMix64: Steele, Lea & Flood 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))
