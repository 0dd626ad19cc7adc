"""Files of a version, trusted only after their digest was checked."""

import hashlib
import json
from typing import Any

from trimtab import storage
from trimtab.api.modelversion import Artifact, ProfileRef
from trimtab.drift import Profile
from trimtab.serving.version.errors import VersionError


def fetch(ref: Artifact | ProfileRef) -> bytes:
    """Read a file and prove that it is the one that was registered.

    Raises:
        VersionError: it cannot be read, or its SHA-256 differs.

    """
    try:
        content = storage.read(ref.uri)
    except OSError as error:
        raise VersionError(f"cannot read {ref.uri!r}: {error}") from error
    found = f"sha256:{hashlib.sha256(content).hexdigest()}"
    if found != ref.digest:
        raise VersionError(f"{ref.uri!r} has digest {found}, registered was {ref.digest}: the file was changed")
    return content


def fetch_profile(ref: ProfileRef) -> Profile:
    """Read a version's reference statistics.

    Raises:
        VersionError: they cannot be read, were changed, or are of another format.

    """
    content = fetch(ref)
    try:
        state: dict[str, Any] = json.loads(content)
        return Profile.from_json(state)
    except (ValueError, KeyError, TypeError) as error:
        raise VersionError(f"{ref.uri!r} is no drift profile: {error}") from error
