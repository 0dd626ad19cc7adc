"""Lives of the operator, cheap to begin: a process that has imported everything, and forks one on each request.

python -m tests.crash.nursery     a request is a line of JSON on standard input, the answer the new process id
"""

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from tests.crash.effects import Effects
from tests.crash.planted import plant
from tests.support import outside_engines
from trimtab.handlers.app import serve
from trimtab.handlers.settings import Settings
from trimtab.ports import World


def live(told: dict[str, Any]) -> None:
    """Be the operator, for as long as it lives."""
    os.environ.clear()
    os.environ.update(told["environment"])
    log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, force=True)
    effects = Effects(Path(told["effects"]), told["crash_at"])

    def wrap(world: World) -> World:
        return effects.watch(plant(world) if told["planted"] else world)

    asyncio.run(serve(Settings(os.environ, (told["namespace"],)), wrap))


def main() -> None:
    assert outside_engines  # imported here, so that no life has to
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who dies is gone at once
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            live(json.loads(line))
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
