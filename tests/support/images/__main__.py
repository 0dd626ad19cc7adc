"""Build images: `python -m tests.support.images [name …]`; without names, all of them and the example's."""

import sys

from tests.support.images import IMAGES, Image, build, flights


def _told(image: Image) -> None:
    print(f"{image.archive}  {image.reference}  {image.size / 1e6:.0f} MB")  # noqa: T201 - the answer


for name in sys.argv[1:] or [*IMAGES, "flights"]:
    _told(flights() if name == "flights" else build(name))
