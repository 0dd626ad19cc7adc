"""Rows themselves, as few as a test by rows needs: an even sample that is the same however its rows came together.

Every row has a key, a hash of its request and its place in it, and a sample holds the rows of the least keys. So the
samples of two parts of a window make the sample of the whole, whichever replica saw which part.

Source: bottom-k sketches, Cohen & Kaplan, "Summarizing data using bottom-k sketches", PODC 2007. Cost: one sort.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift.betting.bet import Json
from trimtab.drift.reference.features import Columns
from trimtab.drift.reference.layout import Layout
from trimtab.drift.reference.waves import Singles

Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows as `Layout.encode` makes them, shape (rows, features), in the order of their keys, shape (rows,)."""

    keys: Keys
    rows: Singles

    @classmethod
    def of(cls, keys: Keys, rows: Singles, most: int) -> Self:
        """Take the rows of the least keys, `most` of them at most."""
        least = np.argsort(keys, kind="stable")[:most]
        return cls(keys[least], rows[least])

    @classmethod
    def of_columns(cls, layout: Layout, keys: Keys, columns: Columns, most: int) -> Self:
        """Take the rows of the least keys, and encode those alone."""
        least = np.argsort(keys, kind="stable")[:most]
        return cls(keys[least], layout.encode({name: column[least] for name, column in columns.items()}))

    @classmethod
    def unkeyed(cls, rows: Singles) -> Self:
        """Rows that will not be merged with others."""
        return cls(np.zeros(len(rows), dtype=np.uint64), rows)

    def merge(self, other: Self, most: int) -> Self:
        """Take the least keys of both."""
        return type(self).of(np.append(self.keys, other.keys), np.concatenate([self.rows, other.rows]), most)

    def to_json(self) -> Json:
        """Return plain JSON values; arrays are little-endian, in base64, to the last bit."""
        keys, rows = self.keys.astype("<u8").tobytes(), self.rows.astype("<f4").tobytes()
        return {"keys": _text(keys), "rows": _text(rows), "features": self.rows.shape[1]}

    @classmethod
    def from_json(cls, state: Json) -> Self:
        """Read what `to_json` wrote."""
        keys, rows = (base64.b64decode(str(state[name])) for name in ("keys", "rows"))
        flat = np.frombuffer(rows, dtype="<f4").astype(np.float32)
        features = int(state["features"])  # type: ignore[call-overload]
        return cls(np.frombuffer(keys, dtype="<u8").astype(np.uint64), flat.reshape(-1, features))


def keys_of(name: str, rows: int) -> Keys:
    """Keys of the rows of what is called so (a request), shape (rows,)."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    random = np.random.default_rng(int.from_bytes(digest, "little"))
    return random.integers(0, 2**64, rows, dtype=np.uint64)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
