"""Keeping what took long to make: it appears under its name only when it is whole, and is made once at a time."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

EPOCH = 1767225600
"""The time of every file in an image, in seconds: the first of January 2026. Equal contents give equal digests."""


def kept(place: Path, make: Callable[[Path], None]) -> Path:
    """The file or folder at `place`, made by `make(draft)` when it is not there yet."""
    if not place.exists():
        with alone(place):
            if not place.exists():
                draft = place.with_name(f"{place.name}.draft")
                shutil.rmtree(draft, ignore_errors=True)
                draft.unlink(missing_ok=True)
                make(draft)
                draft.rename(place)
    return place


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold the lock of a place against other processes."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
