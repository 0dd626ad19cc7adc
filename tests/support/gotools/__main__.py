"""Build programs beforehand: `python -m tests.support.gotools [name …]`; without names, all of the table."""

import sys

from tests.support.gotools import TOOLS, binary

for name in sys.argv[1:] or TOOLS:
    print(binary(name))  # noqa: T201 - where it lies is the answer
