"""The images, built from images/Dockerfile by a BuildKit of our own: no Docker, no registry, no network inside a step.

    images.build("operator") -> Image: an OCI archive, with what its configuration says

Docker would fetch the base, Debian's packages and the wheels while it builds. Here they are fetched before, kept beyond
the checkout's life, and given to the same Dockerfile: the base as an OCI layout, `debs` and `wheels` as build contexts.
`python -m tests.support.images operator trainer serving` builds beforehand and says where the archives lie.
"""

from tests.support.images.archive import Image
from tests.support.images.build import IMAGES, VERSION, build, build_upon, flights
from tests.support.images.buildkit import BuildFailed

__all__ = ["IMAGES", "VERSION", "BuildFailed", "Image", "build", "build_upon", "flights"]
