"""One image from the Dockerfile, with everything it would fetch given to it."""

from importlib.metadata import version
from pathlib import Path

from tests.support.images import base
from tests.support.images.archive import Image, layout_digest
from tests.support.images.buildkit import daemon, solve
from tests.support.images.keep import EPOCH
from tests.support.images.wheels import wheels
from trimtab.sandbox.programs import cache

ROOT = Path(__file__).parents[3]
VERSION = version("trimtab")
IMAGES = ("operator", "trainer", "serving")


def build(name: str) -> Image:
    """The image as an OCI archive; what has not changed since the last build is not done again.

    Raises: BuildFailed; NoPackages where there is no Debian archive.
    """
    reference = f"docker.io/trimtab/{name}:{VERSION}"
    archive = cache() / "images" / f"{name}.tar"
    packages = tuple((ROOT / "images/packages.txt").read_text().split())
    layout, debs, found = base.layout(), base.debs(packages), wheels(name)
    output = f"type=oci,dest={archive},name={reference},compression=uncompressed,rewrite-timestamp=true"
    with daemon() as address:
        solve(address, [
            "--frontend", "dockerfile.v0",
            "--local", f"context={ROOT}",
            "--local", f"dockerfile={ROOT / 'images'}",
            "--opt", "force-network-mode=none",
            "--oci-layout", f"base={layout}",
            "--opt", f"context:base=oci-layout://base@{layout_digest(layout)}",
            "--local", f"debs={debs}", "--opt", "context:debs=local:debs",
            "--local", f"wheels={found}", "--opt", "context:wheels=local:wheels",
            "--opt", "build-arg:BASE=base",
            "--opt", f"build-arg:IMAGE={name}",
            "--opt", f"build-arg:VERSION={VERSION}",
            "--opt", f"build-arg:SOURCE_DATE_EPOCH={EPOCH}",
            "--output", output,
        ])  # fmt: skip
    return Image(archive, reference)
