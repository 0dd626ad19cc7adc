"""One image from its Dockerfile, with everything it would fetch given to it."""

from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.images import base
from tests.support.images.archive import Image, layout_digest, unpack_layout
from tests.support.images.buildkit import daemon, solve
from tests.support.images.keep import EPOCH
from tests.support.images.wheels import wheels
from trimtab.sandbox.programs import cache

ROOT = Path(__file__).parents[3]
VERSION = version("trimtab")
IMAGES = ("operator", "trainer", "serving")


def build(name: str, *, source: Path = ROOT, called: str = "", fresh: bool = False) -> Image:
    """One of the three images as an OCI archive; what has not changed since the last build is not done again.

    `source` is another checkout to build, with a name to keep it apart in `called`; `fresh` does everything again that
    belongs to this image.

    Raises: BuildFailed; NoPackages where there is no Debian archive.
    """
    packages = tuple((source / "images/packages.txt").read_text().split())
    given = [
        *_layout("base", base.layout()),
        *_folder("debs", base.debs(packages)),
        *_folder("wheels", wheels(name, source / "requirements")),
        *_arguments({"BASE": "base", "IMAGE": name, "VERSION": VERSION}),
    ]
    return _build(called or name, source / "images", source, [*given, *(["--no-cache"] if fresh else [])])


def flights() -> Image:
    """The example's image, upon the trainer's.

    Raises: as `build`.
    """
    return build_upon(build("trainer"), "flights", ROOT / "examples/flights")


def build_upon(parent: Image, name: str, folder: Path) -> Image:
    """A user's image: the Dockerfile in `folder`, whose build argument BASE is one of ours.

    Raises: BuildFailed.
    """
    with TemporaryDirectory(dir=parent.archive.parent, prefix="layout-") as place:
        unpack_layout(parent, Path(place))
        return _build(name, folder, folder, [*_layout("base", Path(place)), *_arguments({"BASE": "base"})])


def _build(name: str, dockerfile: Path, context: Path, given: list[str]) -> Image:
    image = Image(cache() / "images" / f"{name}.tar", f"docker.io/trimtab/{name}:{VERSION}")
    draft = image.archive.with_suffix(".draft")  # whoever reads the last one goes on doing so
    settings = f"name={image.reference},compression=uncompressed,rewrite-timestamp=true"
    with daemon() as address:
        solve(address, [
            "--frontend", "dockerfile.v0",
            "--local", f"context={context}",
            "--local", f"dockerfile={dockerfile}",
            "--opt", "force-network-mode=none",
            *_arguments({"SOURCE_DATE_EPOCH": str(EPOCH)}),
            *given,
            "--output", f"type=oci,dest={draft},{settings}",
        ])  # fmt: skip
        draft.replace(image.archive)
    return image


def _folder(name: str, folder: Path) -> list[str]:
    return ["--local", f"{name}={folder}", "--opt", f"context:{name}=local:{name}"]


def _layout(name: str, folder: Path) -> list[str]:
    at = f"context:{name}=oci-layout://{name}@{layout_digest(folder)}"
    return ["--oci-layout", f"{name}={folder}", "--opt", at]


def _arguments(arguments: dict[str, str]) -> list[str]:
    return [word for name, value in arguments.items() for word in ("--opt", f"build-arg:{name}={value}")]
