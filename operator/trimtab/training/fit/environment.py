"""What the code ran with, as one digest."""

import hashlib
import platform
from importlib.metadata import distributions


def environment_digest() -> str:
    """SHA-256 over the Python version and the names and versions of all installed distributions."""
    installed = sorted({f"{found.name}=={found.version}" for found in distributions()})
    listing = "\n".join([f"python=={platform.python_version()}", *installed])
    return f"sha256:{hashlib.sha256(listing.encode()).hexdigest()}"
