"""The port `Artifacts` on files of this machine and of object stores."""

import asyncio

from trimtab import storage
from trimtab.errors import Refuse, Retry


class StoredArtifacts:
    """Files named by `file://` and `s3://` addresses."""

    async def digest(self, uri: str) -> str | None:
        """`sha256:…` of the file; None when there is nothing to read.

        Raises:
            Refuse: the address is of a kind that cannot be read from here.
            Retry: ArtifactMissing, when the object store does not answer, or the file may not be read by us.

        """
        if not uri.startswith(("file:", "s3:")):
            raise Refuse("ArtifactMissing", f"{uri} cannot be verified: use a file:// or an s3:// address")
        return await asyncio.to_thread(_digest, uri)


def _digest(uri: str) -> str | None:
    try:
        return storage.digest(uri)
    except (storage.StoreError, PermissionError) as error:
        raise Retry("ArtifactMissing", str(error)) from error
    except OSError:
        return None
