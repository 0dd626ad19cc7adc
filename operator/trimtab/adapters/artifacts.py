"""The port `Artifacts` on files that this machine can read."""

import asyncio
import hashlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from trimtab.errors import Refuse


class FileArtifacts:
    """Files named by `file://` addresses."""

    async def digest(self, uri: str) -> str | None:
        """`sha256:…` of the file; None when there is nothing to read.

        Raises:
            Refuse: the address is of a kind that cannot be read from here.

        """
        address = urlsplit(uri)
        if address.scheme != "file":
            raise Refuse("ArtifactMissing", f"{uri} is no file:// address; only files can be verified")
        return await asyncio.to_thread(_digest, Path(unquote(address.path)))


def _digest(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
    except OSError:
        return None
