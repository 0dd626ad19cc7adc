"""The port `Artifacts` on files of object stores and, where nothing runs in pods, of this machine.

Files are read by threads of our own, as the event loop's are needed to look up names.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from trimtab import storage
from trimtab.errors import Refuse, Retry

_READERS = 4
_LONGEST = 120.0
_NO_POD = "no pod can read a file of a machine: put it into an object store (s3://…), and create a new ModelVersion"


class StoredArtifacts:
    """Files named by `s3://` addresses and, where `local`, by `file://` addresses."""

    def __init__(self, *, local: bool = True, longest: float = _LONGEST) -> None:
        """Say whether files of this machine count, and how many seconds reading one may take."""
        self._local, self._longest = local, longest
        self._readers = ThreadPoolExecutor(_READERS, "artifacts")

    async def digest(self, uri: str) -> str | None:
        """`sha256:…` of the file; None when there is nothing to read.

        Raises:
            Refuse: the address is of a kind that cannot be read from here.
            Retry: ArtifactMissing, when the object store does not answer, the file may not be read by us, or is not
                read in time.

        """
        self._refuse_unreadable(uri)
        reading = asyncio.get_running_loop().run_in_executor(
            self._readers, _digest, uri, time.monotonic() + self._longest
        )
        try:
            async with asyncio.timeout(self._longest):
                return await reading
        except TimeoutError as error:
            text = f"not read within {self._longest:g} s: is it the right file? It is tried again"
            raise Retry("ArtifactMissing", text) from error

    def _refuse_unreadable(self, uri: str) -> None:
        if not uri.startswith(("file:", "s3:")):
            kinds = "a file:// or an s3://" if self._local else "an s3://"
            raise Refuse("ArtifactMissing", f"{uri} cannot be verified: use {kinds} address")
        if uri.startswith("file:") and not self._local:
            raise Refuse("ArtifactMissing", _NO_POD)


def _digest(uri: str, deadline: float) -> str | None:
    try:
        return storage.digest(uri, deadline)
    except TimeoutError:
        raise
    except (storage.StoreError, PermissionError) as error:
        raise Retry("ArtifactMissing", str(error)) from error
    except OSError:
        return None
