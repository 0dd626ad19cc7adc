"""The snapshot store: what was read once can be read again.

    snapshots/sha256-<digest>/data.parquet   the rows of a run, named by the digest of the file
    listings/sha256-<revision>.json          the files a revision stood for, with their digests
    selections/<key>.json                    (revision, selection) → digest of the snapshot made of it

Everything is named by its content and written in one piece (a temporary file, then a rename), so two runs that make the
same snapshot do no harm, and a full disk leaves no half file.
"""

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trimtab.api.reasons import TrainingReason
from trimtab.data.source import File, Listing, digest_of
from trimtab.errors import Retry

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Store:
    """Snapshots and what they were made of, under one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, digest: str) -> Path:
        """Where the snapshot of this digest is, or would be."""
        return self._root / "snapshots" / digest.replace(":", "-") / "data.parquet"

    def keep(self, content: bytes) -> str:
        """Keep a snapshot; returns its digest.

        Raises:
            Retry: DiskFull.

        """
        digest = digest_of(content)
        if not self.path(digest).exists():
            write_whole(self.path(digest), content)
        return digest

    def remember(self, listing: Listing, selection: str, digest: str) -> None:
        """Keep what a revision stood for, and which snapshot a selection of it gave."""
        files = json.dumps([[file.name, file.digest] for file in listing.files])
        write_whole(self._listing(listing.revision), files.encode())
        write_whole(self._selection(listing.revision, selection), digest.encode())

    def listing(self, revision: str) -> Listing | None:
        """The files a revision stood for, if it was ever read here."""
        with suppress(FileNotFoundError):
            files = json.loads(self._listing(revision).read_text())
            return Listing(tuple(File(name, digest) for name, digest in files))
        return None

    def snapshot_of(self, revision: str, selection: str) -> str | None:
        """Digest of the snapshot an earlier run made of the same revision and selection, if it is still whole."""
        with suppress(FileNotFoundError):
            digest = self._selection(revision, selection).read_text()
            if digest_of(self.path(digest).read_bytes()) == digest:
                return digest
        return None

    def _listing(self, revision: str) -> Path:
        return self._root / "listings" / f"{revision.replace(':', '-')}.json"

    def _selection(self, revision: str, selection: str) -> Path:
        return self._root / "selections" / digest_of(f"{revision} {selection}".encode()).replace(":", "-")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one piece, or not at all.

    Raises:
        Retry: DiskFull, when there is no room; nothing is left behind.

    """
    with full_disk_told(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextmanager
def full_disk_told(folder: Path) -> Iterator[None]:
    """Turn the system's error for a full disk into one that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        message = f"no room to write in {folder} ({error.strerror}): free some, the run tries again by itself"
        raise Retry(TrainingReason.DISK_FULL, message) from error
