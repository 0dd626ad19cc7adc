"""Build programs beforehand: `python -m tests.support.gotools [name …]`; without names, all there are.

A test that had to build for minutes would be ended by its time limit; so what tests need is built before them.
"""

import asyncio
import sys

from tests.support.gotools import TOOLS, binary
from trimtab.sandbox.build import build

CONTROL_PLANE = "controlplane"

for name in sys.argv[1:] or (CONTROL_PLANE, *TOOLS):
    print(asyncio.run(build()) if name == CONTROL_PLANE else binary(name))  # noqa: T201 - where it lies is the answer
