"""Build images: `python -m tests.support.images [name …]`; without names, all of them."""

import sys

from tests.support.images import IMAGES, build

for name in sys.argv[1:] or IMAGES:
    image = build(name)
    print(f"{image.archive}  {image.reference}  {image.size / 1e6:.0f} MB")  # noqa: T201 - the answer
