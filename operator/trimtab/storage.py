"""Files by address, for the operator, the training and the serving alike: a path, `file://…`, or `s3://bucket/key`.

The environment says how an object store is reached, in the variables that every S3 client knows: AWS_ENDPOINT_URL (any
S3; without it AWS), AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or what a cloud gives its pods (a web
identity, an instance's role).

Whatever goes wrong is an OSError: FileNotFoundError where nothing is, PermissionError where the credentials do not
reach, StoreError where the store does not answer.
"""

import hashlib
import math
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote, urlsplit

import obstore
from obstore import exceptions
from obstore.store import S3Store

SCHEMES = ("file", "s3")
_LONGEST = timedelta(minutes=10)  # of one request: files of a training are big
_SILENCE = timedelta(seconds=20)  # of the store, within a request
_PIECE = 1024 * 1024  # bytes that are read at once
_RETRY_FOR = timedelta(seconds=20)


class StoreError(OSError):
    """The object store does not answer, or answers with an error of its own."""


def is_remote(address: str) -> bool:
    """Whether the address is one of an object store; one that is of no known kind is taken for a path.

    Raises:
        OSError: the address is of a kind that is read nowhere.

    """
    scheme = urlsplit(address).scheme
    if scheme and scheme not in SCHEMES:
        raise OSError(f"{address}: only {' and '.join(f'{name}://' for name in SCHEMES)} are read")
    return scheme == "s3"


def path_of(address: str) -> Path:
    """The path that a `file://` address, or a bare path, names."""
    return Path(unquote(urlsplit(address).path)) if address.startswith("file:") else Path(address)


def with_scheme(address: str) -> str:
    """The address as others need it who may be elsewhere: a path becomes `file://…`."""
    return address if urlsplit(address).scheme else Path(address).absolute().as_uri()


def read(address: str) -> bytes:
    """The bytes of a file."""
    if not is_remote(address):
        with _opened(path_of(address)) as file:
            return file.read()
    bucket, key = _place(address)
    with _told(address):
        return bytes(obstore.get(bucket, key).bytes())


def digest(address: str, deadline: float = math.inf) -> str:
    """`sha256:…` of a file, which is read piece by piece.

    Raises:
        TimeoutError: it is not read whole by the deadline, a time of the monotonic clock.

    """
    found = hashlib.sha256()
    for piece in _pieces(address):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{address}: too large or too slow to be read in time")
        found.update(piece)
    return f"sha256:{found.hexdigest()}"


def write(address: str, content: bytes) -> None:
    """Write a file in one piece, or not at all."""
    if not is_remote(address):
        _write_whole(path_of(address), [content])
        return
    bucket, key = _place(address)
    with _told(address):
        obstore.put(bucket, key, content)


def upload(path: Path, address: str) -> None:
    """Write a file of any size, which is read piece by piece."""
    if not is_remote(address):
        _write_whole(path_of(address), _pieces(str(path)))
        return
    bucket, key = _place(address)
    with _told(address):
        obstore.put(bucket, key, path)


def download(address: str, path: Path) -> None:
    """Bring a file of any size to a path, whole or not at all."""
    _write_whole(path, _pieces(address))


def exists(address: str) -> bool:
    """Whether there is a file."""
    if not is_remote(address):
        return path_of(address).is_file()
    bucket, key = _place(address)
    with suppress(FileNotFoundError), _told(address):
        obstore.head(bucket, key)
        return True
    return False


def names(folder: str) -> list[str]:
    """Names of all files under a folder, relative to it, sorted; `[""]` when the address is that of a file."""
    if not is_remote(folder):
        root = path_of(folder)
        return [""] if root.is_file() else sorted(str(file.relative_to(root)) for file in _files(root))
    bucket, key = _place(folder)
    with _told(folder):
        found = [entry["path"].removeprefix(f"{key}/") for chunk in obstore.list(bucket, key) for entry in chunk]
    return sorted(found) or ([""] if exists(folder) else [])


def join(folder: str, name: str) -> str:
    """The address of a file under a folder; the folder itself when it is a file.

    The name is that of the file system or the store: in an address with a scheme, what would be read otherwise (`%`,
    `#`, `?`) is quoted.
    """
    told = quote(name, safe="/=") if urlsplit(folder).scheme else name
    return f"{folder.rstrip('/')}/{told}" if name else folder


def _opened(path: Path) -> BinaryIO:
    """The file, open; a device has no end, and a pipe waits for somebody who writes."""
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise OSError(f"{path} is no regular file")
    return path.open("rb")


def _pieces(address: str) -> Iterator[bytes]:
    if not is_remote(address):
        with _opened(path_of(address)) as file:
            yield from iter(partial(file.read, _PIECE), b"")
        return
    bucket, key = _place(address)
    with _told(address):
        yield from map(bytes, obstore.get(bucket, key))


def _files(root: Path) -> Iterator[Path]:
    return (Path(folder) / name for folder, _, files in os.walk(root, followlinks=True) for name in files)


def _place(address: str) -> tuple[S3Store, str]:
    parts = urlsplit(address)
    return _bucket(parts.netloc), unquote(parts.path).strip("/")


@cache
def _bucket(name: str) -> S3Store:
    return S3Store(
        name,
        client_options={
            "allow_http": os.environ.get("AWS_ENDPOINT_URL", "").startswith("http:"),
            "timeout": _LONGEST,
            "read_timeout": _SILENCE,
            "connect_timeout": timedelta(seconds=5),
        },
        retry_config={"max_retries": 3, "retry_timeout": _RETRY_FOR},
    )


@contextmanager
def _told(address: str) -> Iterator[None]:
    """The store's errors in the words of the system's."""
    try:
        yield
    except (exceptions.NotFoundError, FileNotFoundError) as error:
        raise FileNotFoundError(f"{address}: there is nothing") from error
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
        raise PermissionError(f"{address}: the credentials do not reach it") from error
    except exceptions.BaseError as error:
        raise StoreError(f"{address}: {' '.join(str(error).split())[:160]}") from error


def _write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
