"""Where rows come from: a folder (or one file) of Parquet, named by a revision.

A *revision* is the SHA-256 over the sorted list of relative file names and the digests of their contents: the same
files have the same revision, wherever and whenever they are read. Files and folders whose names begin with `.` or `_`
are not data (`_SUCCESS`, a file still being written).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from trimtab import storage
from trimtab.api.reasons import TrainingReason
from trimtab.errors import Retry


@dataclass(frozen=True)
class File:
    """One file of a source as it was: its name relative to the source, and its digest (`sha256:…`)."""

    name: str
    digest: str


@dataclass(frozen=True)
class Listing:
    """The files of a source as they were."""

    files: tuple[File, ...]

    @cached_property
    def revision(self) -> str:
        """Digest over names and contents, `sha256:…`."""
        return digest_of(json.dumps([[file.name, file.digest] for file in self.files]).encode())


class Source:
    """Files under an address."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def names(self) -> list[str]:
        """Names of the data files, relative to the source, sorted; empty when there is nothing to read.

        Raises:
            Retry: DataUnreadable, when the file system or the object store fails.

        """
        try:
            return [name for name in storage.names(self.uri) if not _is_hidden(name)]
        except OSError as error:
            raise _unreadable(self.uri, error) from error

    def read(self, name: str) -> bytes:
        """The bytes of a file.

        Raises:
            Retry: DataUnreadable, when the file system or the object store fails.

        """
        address = storage.join(self.uri, name)
        try:
            return storage.read(address)
        except OSError as error:
            raise _unreadable(address, error) from error

    def contents(self, names: list[str]) -> Iterator[tuple[File, bytes]]:
        """Each file with its bytes and the digest of these very bytes."""
        for name in names:
            content = self.read(name)
            yield File(name, digest_of(content)), content


def digest_of(content: bytes) -> str:
    """SHA-256 as `sha256:<hex>`."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _is_hidden(name: str) -> bool:
    return any(part[0] in "._" for part in name.split("/") if part)


def _unreadable(what: str, error: OSError) -> Retry:
    return Retry(TrainingReason.DATA_UNREADABLE, f"{what} cannot be read: {error.strerror or error}"[:300])
