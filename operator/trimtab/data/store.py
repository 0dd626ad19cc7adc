"""The store: what was read once can be read again, and what was judged can be served. A folder, or one of an S3 bucket.

    snapshots/sha256-<digest>/data.parquet   the rows of a run, named by the digest of the file
    listings/sha256-<revision>.json          the files a revision stood for, with their digests
    selections/<key>                         (revision, selection) → digest of the snapshot made of it
    models/sha256-<digest>/model.onnx        what is served, and beside it
    profiles/sha256-<digest>/profile.json    the reference its drift is measured against

Everything is named by its content and written in one piece, so two runs that make the same snapshot do no harm, and a
full disk leaves no half file.
"""

import errno
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trimtab import storage
from trimtab.api.reasons import TrainingReason
from trimtab.data.source import File, Listing, digest_of
from trimtab.errors import Retry

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Store:
    """Snapshots and what they were made of, under one address."""

    def __init__(self, root: str | Path) -> None:
        self._root = str(root)

    def address(self, digest: str) -> str:
        """Where the snapshot of this digest is, or would be."""
        return self._at("snapshots", _named(digest), "data.parquet")

    def keep(self, content: bytes) -> str:
        """Keep a snapshot; returns its digest.

        Raises:
            Retry: DiskFull, StoreUnavailable.

        """
        digest = digest_of(content)
        self._write_once(self.address(digest), content)
        return digest

    def keep_file(self, kind: str, name: str, content: bytes) -> str:
        """Keep a file that a version is made of; returns its address, which has a scheme.

        Raises:
            Retry: DiskFull, StoreUnavailable.

        """
        address = self._at(kind, _named(digest_of(content)), name)
        self._write_once(address, content)
        return storage.with_scheme(address)

    def remember(self, listing: Listing, selection: str, digest: str) -> None:
        """Keep what a revision stood for, and which snapshot a selection of it gave."""
        files = json.dumps([[file.name, file.digest] for file in listing.files])
        with faults_told(self._root):
            storage.write(self._listing(listing.revision), files.encode())
            storage.write(self._selection(listing.revision, selection), digest.encode())

    def listing(self, revision: str) -> Listing | None:
        """The files a revision stood for, if it was ever read here."""
        with faults_told(self._root), suppress(FileNotFoundError):
            files = json.loads(storage.read(self._listing(revision)))
            return Listing(tuple(File(name, digest) for name, digest in files))
        return None

    def snapshot_of(self, revision: str, selection: str) -> str | None:
        """Digest of the snapshot an earlier run made of the same revision and selection, if it is still whole."""
        with faults_told(self._root), suppress(FileNotFoundError):
            digest = storage.read(self._selection(revision, selection)).decode()
            if storage.digest(self.address(digest)) == digest:
                return digest
        return None

    def _listing(self, revision: str) -> str:
        return self._at("listings", f"{_named(revision)}.json")

    def _selection(self, revision: str, selection: str) -> str:
        return self._at("selections", _named(digest_of(f"{revision} {selection}".encode())))

    def _write_once(self, address: str, content: bytes) -> None:
        with faults_told(self._root):
            if not storage.exists(address):
                storage.write(address, content)

    def _at(self, *names: str) -> str:
        return storage.join(self._root, "/".join(names))


def _named(digest: str) -> str:
    return digest.replace(":", "-")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one piece, or not at all.

    Raises:
        Retry: DiskFull, when there is no room; nothing is left behind.

    """
    with faults_told(path.parent):
        storage.write(str(path), content)


@contextmanager
def faults_told(place: str | Path) -> Iterator[None]:
    """Turn the errors of a full disk and of a store that is away into ones that say what to do."""
    try:
        yield
    except (storage.StoreError, PermissionError) as error:
        message = f"{error}: bring the store back, or correct its credentials; the run tries again by itself"
        raise Retry(TrainingReason.STORE_UNAVAILABLE, message) from error
    except OSError as error:
        if error.errno not in _FULL:
            raise
        message = f"no room to write in {place} ({error.strerror}): free some, the run tries again by itself"
        raise Retry(TrainingReason.DISK_FULL, message) from error
