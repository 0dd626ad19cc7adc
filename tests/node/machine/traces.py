"""What a node could leave behind on a machine, as names that can be compared before and after."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.node.machine.place import PREFIX

_FOLDERS = ("/run", "/var/lib", "/var/log", "/var/log/containers", "/etc", "/opt", "/sys/class/net")
_SETTINGS = ("kernel/panic*", "kernel/keys/*", "net/bridge/*", "net/ipv4/*", "net/ipv4/conf/all/*", "vm/*")
_CGROUPS = Path("/sys/fs/cgroup")


def traces() -> set[str]:
    """Names of files, cgroups, mounts, processes and settings that a node would add or change."""
    return {*_files(), *_mounts(), *_processes(), *_settings()}


def _files() -> Iterator[str]:
    names = ("kubepods*", "k8s.io", "*/kubepods*", "*/k8s.io")  # in the one hierarchy of version 2, or in each of 1
    cgroups = (path for name in names for path in _CGROUPS.glob(name))
    folders = (Path(folder) for folder in _FOLDERS)
    listed = (path for folder in folders if folder.is_dir() for path in folder.iterdir())
    own = Path(tempfile.gettempdir()).glob(f"{PREFIX}*")
    yield from (str(path) for path in (*cgroups, *listed, *own))


def _mounts() -> Iterator[str]:
    points = (line.split()[1] for line in Path("/proc/mounts").read_text().splitlines())
    yield from (f"mounted: {point}" for point in points if PREFIX in point)


def _processes() -> Iterator[str]:
    told = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    yield from (f"running: {line.strip()}" for line in told.splitlines() if PREFIX in line)


def _settings() -> Iterator[str]:
    for pattern in _SETTINGS:
        for file in sorted(Path("/proc/sys").glob(pattern)):
            if file.is_file() and file.stat().st_mode & 0o222:
                yield f"{file} = {_read(file)}"


def _read(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return "unreadable"
