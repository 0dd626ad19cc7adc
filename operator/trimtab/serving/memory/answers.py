"""Answers that wait for their labels, by request and stream: a client may ask another version under the same id.

answered   the champion's answer, the candidate's beside it, the labels
early      labels of requests that the monitor has not heard of
past       ids of requests that were weighed, with labels or without: labels that come then are late
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

TABLES = """
CREATE TABLE IF NOT EXISTS answered (
    request TEXT, stream TEXT, window TEXT NOT NULL, champion BLOB NOT NULL, pair TEXT, candidate BLOB, labels BLOB,
    awaited INTEGER NOT NULL, seen REAL NOT NULL, PRIMARY KEY (request, stream));
CREATE INDEX IF NOT EXISTS answered_by_window ON answered (stream, window, seen);
CREATE INDEX IF NOT EXISTS answered_labelled ON answered (stream, window) WHERE labels IS NOT NULL;
CREATE TABLE IF NOT EXISTS early (request TEXT PRIMARY KEY, labels BLOB NOT NULL, seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS past (request TEXT PRIMARY KEY, labelled INTEGER NOT NULL);
"""
_MOVE = """
INSERT OR IGNORE INTO answered
    SELECT request, stream, window, champion, pair, candidate, labels, coalesce(awaited, 0), seen FROM requests
    WHERE stream IS NOT NULL AND window IS NOT NULL AND champion IS NOT NULL;
INSERT OR IGNORE INTO early SELECT request, labels, seen FROM requests WHERE stream IS NULL AND labels IS NOT NULL;
DROP TABLE requests;
"""
_HOLDS_LABELS = """EXISTS (SELECT 1 FROM answered AS other
    WHERE other.stream = answered.stream AND other.window = answered.window AND other.labels IS NOT NULL)"""
_PART = 10_000
_WIDTH = np.dtype(np.float32).itemsize


@dataclass(frozen=True)
class Request:
    """What is known of a request of a window."""

    champion: bytes
    pair: str | None = None
    candidate: bytes | None = None
    labels: bytes | None = None

    @property
    def rows(self) -> int:
        return len(self.champion) // _WIDTH


@dataclass(frozen=True)
class Forgotten:
    """An answer that was forgotten before its window was weighed."""

    stream: str
    rows: int
    labelled: bool


class Answers:
    """Reads and writes; it decides nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def open(cls, connection: sqlite3.Connection) -> Self:
        """Make the tables, and take over what the release before kept by request alone."""
        connection.executescript(TABLES)
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'requests'").fetchone():
            connection.executescript(f"BEGIN IMMEDIATE; {_MOVE} COMMIT")
        return cls(connection)

    def put(self, request: str, stream: str, window: str, champion: bytes, now: float, *, awaited: bool) -> bool:
        """Keep the champion's answer; False where one to the same id waits already, which stays."""
        insert = """INSERT INTO answered (request, stream, window, champion, awaited, seen) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING"""
        return self._db.execute(insert, (request, stream, window, champion, awaited, now)).rowcount > 0

    def put_candidate(self, request: str, stream: str, pair: str, candidate: bytes) -> None:
        """Keep the candidate's answer beside the champion's, if it is awaited."""
        update = "UPDATE answered SET pair = ?, candidate = ?, awaited = 0 WHERE request = ? AND stream = ? AND awaited"
        self._db.execute(update, (pair, candidate, request, stream))

    def await_no_more(self, request: str | None, stream: str) -> None:
        """Note that the candidate never will answer a request."""
        self._db.execute("UPDATE answered SET awaited = 0 WHERE request = ? AND stream = ?", (request, stream))

    def find(self, request: str) -> tuple[str, Request] | None:
        """The last answer under an id, and its stream."""
        select = """SELECT stream, champion, pair, candidate, labels FROM answered WHERE request = ?
            ORDER BY rowid DESC LIMIT 1"""
        row = self._db.execute(select, (request,)).fetchone()
        return (row[0], Request(*row[1:])) if row else None

    def put_labels(self, request: str, stream: str, labels: bytes) -> None:
        """Keep labels, unless there are some."""
        update = "UPDATE answered SET labels = coalesce(labels, ?) WHERE request = ? AND stream = ?"
        self._db.execute(update, (labels, request, stream))

    def put_early(self, request: str, labels: bytes, now: float) -> None:
        self._db.execute("INSERT OR IGNORE INTO early VALUES (?, ?, ?)", (request, labels, now))

    def take_early(self, request: str) -> bytes | None:
        """Hand over the labels that came before their request."""
        rows = self._db.execute("DELETE FROM early WHERE request = ? RETURNING labels", (request,)).fetchall()
        return rows[0][0] if rows else None

    def put_past(self, request: str) -> None:
        """Note that a request can be given no labels any longer."""
        self._db.execute("INSERT OR REPLACE INTO past VALUES (?, 0)", (request,))

    def was_labelled(self, request: str) -> bool | None:
        """Whether a request had labels when its window was closed for them; None if no such request is known."""
        labelled = self._one("SELECT labelled FROM past WHERE request = ?", request)
        return None if labelled is None else bool(labelled)

    # ------------------------------------------------------------------ windows
    def oldest_window(self, stream: str) -> str | None:
        window: str | None = self._one("SELECT min(window) FROM answered WHERE stream = ?", stream)
        return window

    def newest_labelled(self, stream: str) -> str | None:
        """The newest window that holds a label."""
        select = "SELECT max(window) FROM answered WHERE stream = ? AND labels IS NOT NULL"
        window: str | None = self._one(select, stream)
        return window

    def last_heard(self, stream: str, window: str) -> float:
        """When the last answer of a window was heard of."""
        select = "SELECT max(seen) FROM answered WHERE stream = ? AND window = ?"
        return float(self._one(select, stream, window) or 0.0)

    def awaits(self, stream: str, window: str, since: float) -> bool:
        """Whether the candidate's answer to some request of a window, first heard of since then, is still to come."""
        select = "SELECT 1 FROM answered WHERE stream = ? AND window = ? AND seen > ? AND awaited LIMIT 1"
        return self._one(select, stream, window, since) is not None

    def parts(self, stream: str, window: str) -> Iterator[list[Request]]:
        """Read a window's requests, so many at a time."""
        select = "SELECT champion, pair, candidate, labels FROM answered WHERE stream = ? AND window = ?"
        found = self._db.execute(select, (stream, window))
        while part := found.fetchmany(_PART):
            yield [Request(*row) for row in part]

    def settle(self, stream: str, window: str) -> None:
        """Forget a window's requests, all but their ids."""
        of = "FROM answered WHERE stream = ? AND window = ?"
        self._db.execute(f"INSERT OR REPLACE INTO past SELECT request, labels IS NOT NULL {of}", (stream, window))
        self._db.execute(f"DELETE {of}", (stream, window))

    # ------------------------------------------------------------------ bounds
    def forget_old(self, most: int, before: float, kept: str) -> list[Forgotten]:
        """Forget those heard of before this time among so many of the oldest.

        A window that holds labels is kept in the stream `kept`, as it is still to be weighed.
        """
        return self._forget(f"seen < ? AND NOT (stream = ? AND {_HOLDS_LABELS})", most, before, kept)

    def forget_oldest(self, most: int) -> list[Forgotten]:
        """Forget so many of the oldest, whatever they wait for."""
        return self._forget("TRUE", most)

    def _forget(self, which: str, most: int, *of: object) -> list[Forgotten]:
        oldest = "SELECT rowid FROM answered ORDER BY rowid LIMIT ?"
        delete = f"""DELETE FROM answered WHERE rowid IN ({oldest}) AND {which}
            RETURNING stream, length(champion), labels IS NOT NULL"""  # noqa: S608  # our own text
        rows = self._db.execute(delete, (most, *of)).fetchall()
        return [Forgotten(stream, size // _WIDTH, bool(labelled)) for stream, size, labelled in rows]

    def forget(self, stream: str) -> None:
        """Forget a stream's answers."""
        self._db.execute("DELETE FROM answered WHERE stream = ?", (stream,))

    def forget_early(self, before: float, most: int) -> int:
        """Forget labels that came before this time, or beyond so many, and found no request; returns how many."""
        delete = "DELETE FROM early WHERE seen < ? OR rowid <= (SELECT max(rowid) FROM early) - ?"
        return self._db.execute(delete, (before, most)).rowcount

    def forget_past(self, most: int) -> None:
        """Keep so many ids at most, the newest."""
        self._db.execute("DELETE FROM past WHERE rowid <= (SELECT max(rowid) FROM past) - ?", (most,))

    def _one(self, select: str, *of: object) -> Any:
        row = self._db.execute(select, of).fetchone()
        return row[0] if row else None
