"""One operator for each state folder: two of the same identity would both hold the Lease."""

import asyncio
import fcntl
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)


@asynccontextmanager
async def alone(state: Path) -> AsyncIterator[None]:
    """Hold the folder's lock, waiting for it if another process has it; a killed process holds nothing."""
    with _opened(state) as lock:
        said = False
        while not _locked(lock.fileno()):
            if not said:
                logger.info("another operator uses %s; standing by", state)
                said = True
            await asyncio.sleep(0.5)
        yield


def _opened(state: Path) -> IO[str]:
    state.mkdir(parents=True, exist_ok=True)
    return (state / "operator.lock").open("w")


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
