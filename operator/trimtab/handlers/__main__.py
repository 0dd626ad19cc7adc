"""`python -m trimtab.handlers`: the operator."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys

from trimtab.adapters.kube.api import NoClusterError
from trimtab.adapters.kube.lease import LeaseLostError
from trimtab.handlers.app import serve
from trimtab.handlers.settings import Settings
from trimtab.handlers.watchdog import WatchDeadError

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


async def run(settings: Settings) -> None:
    """Serve until a signal; once the operator leads, kopf takes the signals, and its end is ours."""
    serving = asyncio.create_task(serve(settings))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


def main() -> None:
    """Run until a signal (status 0), or until the process must be started again (status 1)."""
    parser = argparse.ArgumentParser(prog="trimtab.handlers", description="trimtab's operator")
    parser.add_argument(
        "--namespace", action="append", default=[], help="watch this namespace only; may be given again; default: all"
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=os.environ.get("TRIMTAB_LOG_LEVEL", "INFO"), format=_FORMAT, stream=sys.stderr)
    logging.getLogger("kopf").setLevel(logging.WARNING)
    try:
        asyncio.run(run(Settings(os.environ, tuple(arguments.namespace))))
    except NoClusterError as error:
        sys.exit(f"trimtab: {error}")
    except (WatchDeadError, LeaseLostError) as error:
        sys.exit(f"trimtab: {error}; ending, to be started again")


if __name__ == "__main__":
    main()
