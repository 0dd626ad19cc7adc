"""Debian packages unpacked into a folder of ours: the host gets nothing installed and needs nothing installed.

Only what the host lacks is fetched, dependencies included, so what is unpacked runs beside the host's own libraries.
"""

import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

from trimtab.sandbox.programs import cache


class NoPackages(Exception):  # noqa: N818 - reads as what it says
    """The packages cannot be had: this is no Debian, or its package index does not answer."""


@functools.cache
def unpacked(*packages: str) -> Path:
    """A root folder with these packages in it, kept beyond the checkout's life.

    Raises: NoPackages.
    """
    root = cache() / "tools" / "-".join(("debian", *packages))
    if not root.exists():
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root.parent) as folder:
            draft = Path(folder) / "root"
            for file in _download(packages, Path(folder)):
                _run("dpkg-deb", "--extract", str(file), str(draft))
            draft.rename(root)
    return root


def program(name: str, package: str) -> tuple[Path, dict[str, str]]:
    """A program of a package and the environment it needs: the host's own when it has one.

    Raises: NoPackages.
    """
    if found := shutil.which(name):
        return Path(found), {}
    root = unpacked(package)
    return next(root.glob(f"usr/*bin/{name}")), {"LD_LIBRARY_PATH": str(_libraries(root))}


def compiler(packages: tuple[str, ...]) -> dict[str, str]:
    """The environment in which cgo finds the headers and libraries of these packages.

    Raises: NoPackages.
    """
    root = unpacked(*packages)
    libraries = _libraries(root)
    return {
        "CGO_CFLAGS": f"-O2 -I{root}/usr/include",
        "CGO_LDFLAGS": f"-L{libraries}",
        "PKG_CONFIG_PATH": f"{libraries}/pkgconfig",
    }


def _libraries(root: Path) -> Path:
    return next(root.glob("usr/lib/*-linux-gnu"))


def _download(packages: tuple[str, ...], folder: Path) -> list[Path]:
    if not shutil.which("apt-get"):
        raise NoPackages(f"{', '.join(packages)} cannot be fetched: there is no apt-get here; install them by hand")
    archives = folder / "archives"
    (archives / "partial").mkdir(parents=True)
    options = f"--yes --reinstall --no-install-recommends --download-only --option Dir::Cache::Archives={archives}"
    ask = ["apt-get", "install", *options.split(), *packages]
    try:
        _run(*ask)
    except NoPackages:
        _run("apt-get", "update")
        _run(*ask)
    return sorted(archives.glob("*.deb"))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoPackages(f"{' '.join(command)}\n{done.stderr.strip()[-1000:]}")
