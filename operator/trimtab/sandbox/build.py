"""Building the control plane with Go, once for each version; see `programs` for where it comes from otherwise."""

from pathlib import Path

from trimtab.sandbox.programs import Versions, cached_programs


async def build() -> Path:
    """The folder of programs."""
    return cached_programs(Versions.read())
