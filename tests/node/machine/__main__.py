"""A node to look at: `python -m tests.node.machine` starts one, says how to reach it, and takes it down on Ctrl-C."""

import signal
import sys
import time

from tests.node.machine import host
from tests.node.machine.node import running

ENDING = {signal.SIGINT, signal.SIGTERM}


def main() -> None:
    """Run until Ctrl-C or SIGTERM."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    begun = time.monotonic()
    with running(lambda name, phase: say(f"{time.monotonic() - begun:6.1f} s  {name}: {phase}")) as node:
        say(f"export KUBECONFIG={node.place.kubeconfig('admin')}")
        say(f"kubectl is {node.place.program('kubectl')}, the logs are in {node.place.layout.logs}; Ctrl-C ends it all")
        signal.sigwait(ENDING)
    say("the node is gone")


def say(text: str) -> None:
    """Tell the user."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - it talks to a person


if __name__ == "__main__":
    if reason := host.obstacle():
        sys.exit(reason)
    main()
