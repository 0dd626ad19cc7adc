"""The monitor's memory: one SQLite file, so that a killed monitor forgets nothing.

    replicas   last batch taken from each host, so that a batch sent twice counts once
    open       sums of windows that are not closed yet       closed     last window closed, by kind
    heard      how far those are                             begun      when their first row was heard of
    used       when evidence was last asked for, by key
    evidence   states of watches and judges                  tallies    running numbers

Answers that wait for labels: `answers.py`.

Everything that happens to one batch or one feedback happens in one transaction.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal, Self

from trimtab.serving.memory.answers import Answers
from trimtab.serving.memory.progress import End, Progress, over

Kind = Literal["counts", "rows", "answers", "labels"]
Json = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS replicas (replica TEXT PRIMARY KEY, sequence INTEGER NOT NULL, seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS open (
    kind TEXT, key TEXT, window TEXT, rows INTEGER NOT NULL, sums TEXT NOT NULL, PRIMARY KEY (kind, key, window));
CREATE TABLE IF NOT EXISTS heard (
    kind TEXT, key TEXT, window TEXT, requests INTEGER NOT NULL, later INTEGER NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (kind, key, window));
CREATE TABLE IF NOT EXISTS begun (
    kind TEXT, key TEXT, window TEXT, at REAL NOT NULL, PRIMARY KEY (kind, key, window));
CREATE TABLE IF NOT EXISTS closed (kind TEXT, key TEXT, window TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS evidence (key TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tallies (name TEXT, key TEXT, value INTEGER NOT NULL, PRIMARY KEY (name, key));
CREATE TABLE IF NOT EXISTS used (key TEXT PRIMARY KEY, at REAL NOT NULL);
"""
_KEPT_BEFORE = """
INSERT OR IGNORE INTO used SELECT key, 0 FROM evidence WHERE key NOT LIKE '%/scores' AND key NOT LIKE '%/reference';
"""
"""What an earlier release kept, without noting when it was asked for."""
_KEYED = ("used", "open", "heard", "begun", "closed", "evidence", "tallies")


class Store:
    """Reads and writes; it decides nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.answers = Answers.open(connection)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, or begin a new one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(_TABLES + _KEPT_BEFORE)
        return cls(connection)

    @property
    def changes(self) -> int:
        """How many rows were changed since it was opened."""
        return self._db.total_changes

    @property
    def size(self) -> int:
        """Bytes that are in use."""
        pages, free, page = (self._one(f"PRAGMA {name}", ()) for name in ("page_count", "freelist_count", "page_size"))
        return int((pages - free) * page)

    @property
    def path(self) -> Path:
        return Path(self._db.execute("PRAGMA database_list").fetchone()[2])

    def copy_to(self, path: Path) -> None:
        """Write all that is known between two transactions to another file; may be called from another thread."""
        with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as reader:
            reader.execute("VACUUM INTO ?", (str(path),))

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

    def forget_replicas(self, before: float) -> None:
        """Forget replicas last heard of before this time."""
        self._db.execute("DELETE FROM replicas WHERE seen < ?", (before,))

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

    def hear(self, kind: Kind, key: str, window: str, requests: int, now: float) -> None:
        """Note that so many requests of a window came."""
        upsert = """INSERT INTO heard VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT DO UPDATE
            SET requests = requests + excluded.requests, later = 0, at = excluded.at"""
        self._db.execute(upsert, (kind, key, window, requests, now))
        self._db.execute("INSERT OR IGNORE INTO begun VALUES (?, ?, ?, ?)", (kind, key, window, now))
        earlier = "UPDATE heard SET later = later + ? WHERE kind = ? AND key = ? AND window < ?"
        self._db.execute(earlier, (requests, kind, key, window))

    def began(self, kind: Kind, key: str, window: str) -> float:
        """When the first request of an open window was heard of; 0 of one that the release before opened."""
        select = "SELECT at FROM begun WHERE kind = ? AND key = ? AND window = ?"
        return float(self._one(select, (kind, key, window)) or 0.0)

    def take_due(self, kind: Kind, key: str, end: End, now: float) -> list[tuple[str, Json]]:
        """Hand over the open windows that are over, in order, and close them."""
        due = over(self._progress(kind, key), end, now)
        if not due:
            return []
        of = (kind, key, due[-1])
        select = "SELECT window, sums FROM open WHERE kind = ? AND key = ? AND window <= ? ORDER BY window"
        taken = self._db.execute(select, of).fetchall()
        self._db.execute("DELETE FROM open WHERE kind = ? AND key = ? AND window <= ?", of)
        for table in ("heard", "begun"):
            self._db.execute(f"DELETE FROM {table} WHERE kind = ? AND key = ? AND window <= ?", of)  # noqa: S608  # ours
        self.close_window(kind, key, due[-1])
        return [(window, json.loads(sums)) for window, sums in taken]

    def _progress(self, kind: Kind, key: str) -> list[Progress]:
        """Open windows in order; of one that the release before opened it is not known how far it is."""
        select = """SELECT window, coalesce(requests, 0), coalesce(later, 0), coalesce(at, 0)
            FROM open LEFT JOIN heard USING (kind, key, window) WHERE kind = ? AND key = ? ORDER BY window"""
        return [Progress(*row) for row in self._db.execute(select, (kind, key))]

    def oldest(self, kind: Kind, key: str) -> tuple[str, Json] | None:
        """The oldest open window and its sums."""
        select = "SELECT window, sums FROM open WHERE kind = ? AND key = ? ORDER BY window LIMIT 1"
        row = self._db.execute(select, (kind, key)).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def keep_newest(self, kind: Kind, key: str, most: int) -> int:
        """Forget the open windows before the newest so many; how many were forgotten."""
        older = "SELECT rowid FROM open WHERE kind = ? AND key = ? ORDER BY window DESC LIMIT -1 OFFSET ?"
        delete = f"DELETE FROM open WHERE rowid IN ({older})"  # noqa: S608  # our own text
        return self._db.execute(delete, (kind, key, most)).rowcount

    def drop(self, kind: Kind, key: str, window: str) -> bool:
        """Forget an open window; False if it was forgotten before."""
        delete = "DELETE FROM open WHERE kind = ? AND key = ? AND window = ?"
        return self._db.execute(delete, (kind, key, window)).rowcount > 0

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

    def use(self, keys: Iterable[str], now: float, most: int) -> None:
        """Note which evidence is asked for, and forget all but what was last asked for under so many keys."""
        for key in keys:
            self._db.execute("INSERT OR REPLACE INTO used VALUES (?, ?)", (key, now))
        oldest = "SELECT key FROM used ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ?"
        for (key,) in self._db.execute(oldest, (most,)).fetchall():
            for table in _KEYED:
                self._db.execute(f"DELETE FROM {table} WHERE key = ? OR key LIKE ? || '/%'", (key, key))  # noqa: S608  # our own text
            self.answers.forget(key)

    def _one(self, select: str, of: tuple[Any, ...]) -> Any:
        row = self._db.execute(select, of).fetchone()
        return row[0] if row else None
