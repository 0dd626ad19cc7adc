"""What a reviewer looks for in an image's files."""

import json
import stat
from importlib.metadata import distributions
from pathlib import Path

_TOOLS = {"gcc", "cc", "g++", "c++", "clang", "ld", "as", "make", "pip", "pip3", "easy_install", "uv"}


def roots_own(root: Path) -> list[str]:
    """Files that give whoever runs them another user's or group's rights."""
    return [str(path) for path in _files(root) if path.lstat().st_mode & (stat.S_ISUID | stat.S_ISGID)]


def tools(root: Path) -> list[str]:
    """Compilers and installers."""
    folders = ("usr/bin", "usr/local/bin", "opt/trimtab/bin")
    return sorted(path.name for folder in folders for path in (root / folder).iterdir() if path.name in _TOOLS)


def writable(root: Path) -> list[str]:
    """Files that everybody may write; what a temporary folder is for is left out."""
    return [str(path) for path in _files(root) if path.stat().st_mode & stat.S_IWOTH]


def billed(root: Path, bill: str) -> set[tuple[str, str]]:
    """Name and version of all that the bill of materials lists."""
    components = json.loads((root / bill.lstrip("/")).read_text())["components"]
    return {(_plain(component["name"]), component["version"]) for component in components}


def distributed(packages: Path) -> set[tuple[str, str]]:
    """Name and version of the Python distributions that lie there."""
    return {(_plain(found.name), found.version) for found in distributions(path=[str(packages)])}


def debian(root: Path) -> set[tuple[str, str]]:
    """Name and version of the Debian packages that are installed."""
    blocks = (root / "var/lib/dpkg/status").read_text().split("\n\n")
    fields = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line[:40]) for block in blocks]
    return {(_plain(field["Package"]), field["Version"]) for field in fields if "installed" in field.get("Status", "")}


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
