"""The monitor's memory: one SQLite file, so that a killed monitor forgets nothing.

    replicas   last batch taken from each host, so that a batch sent twice counts once
    requests   what is known of a request: champion's answer, candidate's, labels; whichever comes first makes the row
    open       sums of windows that are not closed yet       closed     last window closed, by kind
    evidence   states of watches and judges                  tallies    running numbers

Everything that happens to one batch or one feedback happens in one transaction.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, TypedDict

Kind = Literal["counts", "rows", "answers", "labels"]
Json = dict[str, Any]


class Facts(TypedDict, total=False):
    """What may be known of a request, by column."""

    stream: str
    window: str
    champion: bytes
    pair: str
    candidate: bytes
    labels: bytes
    awaited: bool
    """Whether the candidate's answer is still to come."""


_TABLES = """
CREATE TABLE IF NOT EXISTS replicas (replica TEXT PRIMARY KEY, sequence INTEGER NOT NULL, seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS requests (
    request TEXT PRIMARY KEY, stream TEXT, window TEXT, champion BLOB, pair TEXT, candidate BLOB, labels BLOB,
    awaited INTEGER, seen REAL NOT NULL);
CREATE INDEX IF NOT EXISTS by_window ON requests (stream, window);
CREATE INDEX IF NOT EXISTS labelled ON requests (stream, window) WHERE labels IS NOT NULL;
CREATE TABLE IF NOT EXISTS open (
    kind TEXT, key TEXT, window TEXT, rows INTEGER NOT NULL, sums TEXT NOT NULL, PRIMARY KEY (kind, key, window));
CREATE TABLE IF NOT EXISTS closed (kind TEXT, key TEXT, window TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS evidence (key TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tallies (name TEXT, key TEXT, value INTEGER NOT NULL, PRIMARY KEY (name, key));
"""


@dataclass(frozen=True)
class Request:
    """What is known of a request of a window."""

    champion: bytes
    pair: str | None
    candidate: bytes | None
    labels: bytes | None


class Store:
    """Reads and writes; it decides nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, or begin a new one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(_TABLES)
        return cls(connection)

    @property
    def changes(self) -> int:
        """How many rows were changed since it was opened."""
        return self._db.total_changes

    def snapshot(self) -> bytes:
        """The whole file as it is between two transactions; may be called from another thread."""
        (_, _, path), *_ = self._db.execute("PRAGMA database_list").fetchall()
        with closing(sqlite3.connect(path, timeout=10)) as reader:
            return reader.serialize()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def is_new(self, replica: str, sequence: int, now: float) -> bool:
        """Note that a batch was taken; False if it was taken before."""
        upsert = """INSERT INTO replicas VALUES (?, ?, ?) ON CONFLICT (replica) DO UPDATE
            SET sequence = excluded.sequence, seen = excluded.seen WHERE excluded.sequence > sequence"""
        return self._db.execute(upsert, (replica, sequence, now)).rowcount > 0

    # ------------------------------------------------------------------ requests
    def put_request(self, request: str, facts: Facts, now: float) -> None:
        """Add what is new about a request; what is known already stays, so a repeated id changes nothing."""
        names = list(facts)
        update = ", ".join(f"{name} = coalesce({name}, excluded.{name})" for name in names)
        self._db.execute(
            f"INSERT INTO requests (request, seen, {', '.join(names)}) VALUES (?, ?{', ?' * len(names)}) "  # noqa: S608  # our own column names
            f"ON CONFLICT (request) DO UPDATE SET {update}",
            (request, now, *facts.values()),
        )

    def await_no_more(self, request: str | None) -> None:
        """Note that the candidate answered a request, or never will."""
        self._db.execute("UPDATE requests SET awaited = 0 WHERE request = ?", (request,))

    def awaits(self, stream: str, window: str, since: float) -> bool:
        """Whether the candidate's answer to some request of a window, first heard of since then, is still to come."""
        select = "SELECT 1 FROM requests WHERE stream = ? AND window = ? AND awaited AND seen > ? LIMIT 1"
        return self._one(select, (stream, window, since)) is not None

    def window_of(self, request: str) -> str | None:
        row = self._db.execute("SELECT window FROM requests WHERE request = ?", (request,)).fetchone()
        return row[0] if row else None

    def labelled_windows(self, stream: str) -> list[str]:
        """Windows of a stream that hold requests and lie before the newest one that holds labels, in order."""
        select = """SELECT DISTINCT window FROM requests WHERE stream = :stream AND window <
            (SELECT max(window) FROM requests WHERE stream = :stream AND labels IS NOT NULL) ORDER BY window"""
        return [row[0] for row in self._db.execute(select, {"stream": stream})]

    def take_requests(self, stream: str, window: str) -> list[Request]:
        """Hand over a window's requests, and forget them."""
        delete = "DELETE FROM requests WHERE stream = ? AND window = ? RETURNING champion, pair, candidate, labels"
        return [Request(*row) for row in self._db.execute(delete, (stream, window)).fetchall()]

    def forget(self, before: float, most: int) -> None:
        """Forget requests and replicas first heard of before this time, and the oldest requests beyond so many."""
        self._db.execute("DELETE FROM requests WHERE seen < ?", (before,))
        self._db.execute("DELETE FROM replicas WHERE seen < ?", (before,))
        oldest = "DELETE FROM requests WHERE rowid IN (SELECT rowid FROM requests ORDER BY seen DESC LIMIT -1 OFFSET ?)"
        self._db.execute(oldest, (most,))

    # ------------------------------------------------------------------ windows
    def sums(self, kind: Kind, key: str, window: str) -> Json | None:
        row = self._one("SELECT sums FROM open WHERE kind = ? AND key = ? AND window = ?", (kind, key, window))
        return json.loads(row) if row else None

    def put_sums(self, kind: Kind, key: str, window: str, rows: int, sums: Json) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO open VALUES (?, ?, ?, ?, ?)", (kind, key, window, rows, json.dumps(sums))
        )

    def newest(self, kind: Kind, key: str) -> tuple[str, int] | None:
        """The newest open window and its rows."""
        select = "SELECT window, rows FROM open WHERE kind = ? AND key = ? ORDER BY window DESC LIMIT 1"
        row = self._db.execute(select, (kind, key)).fetchone()
        return (row[0], row[1]) if row else None

    def open_rows(self, kind: Kind, key: str) -> int:
        return self._one("SELECT sum(rows) FROM open WHERE kind = ? AND key = ?", (kind, key)) or 0

    def take_due(self, kind: Kind, key: str) -> list[tuple[str, Json]]:
        """Hand over the open windows before the newest, in order, and close them."""
        newest = self.newest(kind, key)
        where = "FROM open WHERE kind = ? AND key = ? AND window < ?"
        of = (kind, key, newest[0] if newest else "")
        due = self._db.execute(f"SELECT window, sums {where} ORDER BY window", of).fetchall()
        if due:
            self._db.execute(f"DELETE {where}", of)
            self.close_window(kind, key, due[-1][0])
        return [(window, json.loads(sums)) for window, sums in due]

    def oldest(self, kind: Kind, key: str) -> tuple[str, Json] | None:
        """The oldest open window and its sums."""
        select = "SELECT window, sums FROM open WHERE kind = ? AND key = ? ORDER BY window LIMIT 1"
        row = self._db.execute(select, (kind, key)).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def keep_newest(self, kind: Kind, key: str, most: int) -> None:
        """Forget the open windows before the newest so many."""
        older = "SELECT rowid FROM open WHERE kind = ? AND key = ? ORDER BY window DESC LIMIT -1 OFFSET ?"
        self._db.execute(f"DELETE FROM open WHERE rowid IN ({older})", (kind, key, most))  # noqa: S608  # our own text

    def drop(self, kind: Kind, key: str, window: str) -> None:
        self._db.execute("DELETE FROM open WHERE kind = ? AND key = ? AND window = ?", (kind, key, window))

    def close_window(self, kind: Kind, key: str, window: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO closed VALUES (?, ?, ?)", (kind, key, window))

    def last_closed(self, kind: Kind, key: str) -> str | None:
        window: str | None = self._one("SELECT window FROM closed WHERE kind = ? AND key = ?", (kind, key))
        return window

    # ------------------------------------------------------------------ evidence
    def evidence(self, key: str) -> Json | None:
        row = self._one("SELECT state FROM evidence WHERE key = ?", (key,))
        return json.loads(row) if row else None

    def put_evidence(self, key: str, state: Json) -> None:
        self._db.execute("INSERT OR REPLACE INTO evidence VALUES (?, ?)", (key, json.dumps(state)))

    def tally(self, name: str, key: str) -> int:
        return self._one("SELECT value FROM tallies WHERE name = ? AND key = ?", (name, key)) or 0

    def raise_tally(self, name: str, key: str, by: int) -> None:
        upsert = (
            "INSERT INTO tallies VALUES (?, ?, ?) ON CONFLICT (name, key) DO UPDATE SET value = value + excluded.value"
        )
        self._db.execute(upsert, (name, key, by))

    def _one(self, select: str, of: tuple[Any, ...]) -> Any:
        row = self._db.execute(select, of).fetchone()
        return row[0] if row else None
