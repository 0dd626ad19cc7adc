"""A Debian base and the packages that go onto it, both made from Debian's archive by its own programs.

The base stands for the `debian:bookworm-slim` that the Dockerfile names; a registry is not asked for it.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from tests.support.gotools import debian
from tests.support.images.archive import write_layout
from tests.support.images.keep import EPOCH, kept
from trimtab.sandbox.programs import cache

SUITE = "bookworm"
_MERGED = "for d in bin sbin lib lib64; do mkdir -p $1/usr/$d; ln -s usr/$d $1/$d; done"
_PIN = "/etc/apt/preferences.d/usrmerge"
_LEAN = (  # the base is merged from the start: else a package comes that merges it, and all of Perl with that
    f"--setup-hook={_MERGED}; printf 'Package: usrmerge\\nPin: release *\\nPin-Priority: -1\\n' > $1{_PIN}",
    f"--customize-hook=rm $1{_PIN}",
)
_UNWANTED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")  # as the slim image


def layout() -> Path:
    """Folder of an OCI layout with the base in it.

    Raises: NoPackages, where there is no Debian archive to be had.
    """
    return kept(_folder() / "layout", lambda draft: write_layout(_rootfs(), draft))


def debs(wanted: tuple[str, ...]) -> Path:
    """Folder of these packages and of all that they need and the base lacks.

    Raises: NoPackages.
    """
    return kept(_folder() / "-".join(("debs", *wanted)), lambda draft: _download(wanted, draft))


def _folder() -> Path:
    return cache() / "images" / SUITE


def _rootfs() -> Path:
    return kept(_folder() / "rootfs.tar", _bootstrap)


def _bootstrap(draft: Path) -> None:
    programs = debian.unpacked("mmdebstrap") / "usr/bin"
    filters = [f"--dpkgopt=path-exclude={pattern}" for pattern in _UNWANTED]
    command = ["mmdebstrap", "--variant=apt", "--mode=root", "--format=tar", *_LEAN, *filters, SUITE, str(draft)]
    path = f"{programs}:{os.environ['PATH']}"
    _run(command, os.environ | {"PATH": path, "SOURCE_DATE_EPOCH": str(EPOCH)})


def _download(wanted: tuple[str, ...], draft: Path) -> None:
    """Resolve against what the base has installed, not against what this machine has."""
    (draft / "partial").mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        status = Path(folder) / "var/lib/dpkg/status"
        _run(["tar", "-C", folder, "-xf", str(_rootfs()), "./var/lib/dpkg/status"], os.environ)
        options = [f"Dir::State::status={status}", f"Dir::Cache::Archives={draft}", "APT::Sandbox::User=root"]
        settings = [f"--option={option}" for option in options]
        _run(
            ["apt-get", "install", "--yes", "--no-install-recommends", "--download-only", *settings, *wanted],
            os.environ,
        )
    for leftover in (draft / "lock", draft / "partial"):
        leftover.unlink() if leftover.is_file() else leftover.rmdir()


def _run(command: list[str], environment: dict[str, str] | os._Environ[str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise debian.NoPackages(f"{' '.join(command)}\n{done.stderr.strip()[-1500:]}")
