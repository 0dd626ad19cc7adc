"""Build what the node's tests need before their time limits begin to count: python -m tests.node.prepare

Minutes, the first time; where no node can run, nothing is built.
"""

import asyncio
import sys

from tests.node.machine import host
from tests.support import gotools, images
from trimtab.sandbox.build import build

_OF_OTHERS = {"argocd-lua", "kstatus", "skaffold"}  # GitOps and the charts' tests use these


def main() -> None:
    """Build the control plane, programs and images; what is built already is kept."""
    if reason := host.obstacle():
        print(f"no node can run here: {reason}", file=sys.stderr)  # noqa: T201 - the tests say it again, when skipped
        return
    asyncio.run(build())
    for name in (name for name in gotools.TOOLS if name not in _OF_OTHERS):
        gotools.binary(name)
    images.build("operator")
    images.build("serving")
    images.flights()


if __name__ == "__main__":
    main()
