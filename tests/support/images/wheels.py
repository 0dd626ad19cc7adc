"""What an image's lock names, fetched by its hashes before the build: wheels, and sources where there are none."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.support.images.keep import kept
from trimtab.sandbox.programs import cache

_BESIDE = Path(__file__).parents[3] / ".venv/uv/bin/uv"  # where `make setup` puts it


def wheels(image: str, requirements: Path) -> Path:
    """Folder of the wheels of an image and of the tools that build it; a changed lock is another folder."""
    locks = [requirements / f"{name}.lock" for name in (image, "build")]
    digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()[:12]
    return kept(cache() / "images" / f"wheels-{image}-{digest}", lambda draft: _download(locks, draft))


def _download(locks: list[Path], draft: Path) -> None:
    uv = shutil.which("uv") or str(_BESIDE)
    for lock in locks:
        chosen = ["--no-deps", "--require-hashes", "--dest", str(draft)]
        command = [uv, "tool", "run", "pip", "download", "--quiet", *chosen, "--requirement", str(lock)]
        subprocess.run(command, check=True)
