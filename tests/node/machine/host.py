"""What the node needs of the machine, and giving it back: kernel settings, a bridge, cgroups, mounts."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.node.machine.place import BRIDGE, GATEWAY, POD_RANGE, PREFIX, Place
from tests.support.gotools import debian

_CGROUPS = Path("/sys/fs/cgroup")
_SYSCTL = Path("/proc/sys")
_WANTED = {"net/ipv4/ip_forward": "1", "net/bridge/bridge-nf-call-iptables": "1"}
# These the kubelet and the proxy set for themselves.
_TOUCHED = (
    "kernel/keys/root_maxbytes",
    "kernel/keys/root_maxkeys",
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/ipv4/conf/all/route_localnet",
    "net/ipv4/vs/conntrack",
    "vm/overcommit_memory",
)
# Places that cannot be chosen: the kubelet's links to logs and socket for devices, the shims' sockets, the plugins'
# memory of networks.
_FIXED = ("/var/log/containers", "/var/lib/kubelet", "/run/containerd", "/var/lib/cni")


def obstacle() -> str | None:
    """Why no node can run on this machine; None when one can."""
    if sys.platform != "linux" or os.geteuid():
        return "a node needs Linux and root"
    if not (_SYSCTL / "net/bridge/bridge-nf-call-iptables").exists():
        return "the kernel has no br_netfilter (modprobe br_netfilter)"
    if missing := [name for name in ("ip", "mount", "go") if not shutil.which(name)]:
        return f"not on PATH: {', '.join(missing)}"
    if not shutil.which("nft") and not shutil.which("apt-get"):
        return "there is neither nft nor an apt-get that could fetch it"
    if foreign := next(_foreign_kubelets(), None):
        return f"another kubelet runs on this machine: process {foreign}"
    return None


def borrow(place: Place) -> None:
    """Remember the kernel's settings, set ours, make the bridge."""
    files = [_SYSCTL / name for name in (*_WANTED, *_TOUCHED)]
    known = {str(file): file.read_text().strip() for file in files if file.exists()}
    (place.state / "sysctl.json").write_text(json.dumps(known))
    (place.state / "ours.json").write_text(json.dumps([folder for folder in _FIXED if not Path(folder).exists()]))
    for name, value in _WANTED.items():
        (_SYSCTL / name).write_text(value)
    _run("ip", "link", "delete", BRIDGE, check=False)  # of a run that could not end well: no other node is up now
    _run("ip", "link", "add", BRIDGE, "type", "bridge")
    _run("ip", "address", "add", f"{GATEWAY}/{POD_RANGE.partition('/')[2]}", "dev", BRIDGE)
    _run("ip", "link", "set", BRIDGE, "up")


def give_back(place: Place) -> None:
    """Leave the machine as it was; harmless when nothing was borrowed."""
    for mount in _mounts_below(place.state):
        _run("umount", "--lazy", mount, check=False)
    if (Path("/sys/class/net") / BRIDGE).exists():
        _run("ip", "link", "delete", BRIDGE)
        _forget_service_addresses()
    for cgroup in (*_cgroups("kubepods*"), *_cgroups("k8s.io")):
        _remove_cgroup(cgroup)
    for folder in _remembered(place, "ours", []):
        shutil.rmtree(folder, ignore_errors=True)
    for file, value in _remembered(place, "sysctl", {}).items():
        with contextlib.suppress(OSError):
            Path(file).write_text(value)


def _remembered(place: Place, name: str, nothing: Any) -> Any:
    """What `borrow` wrote; nothing where a run was killed before it came to that."""
    file = place.state / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else nothing


def _foreign_kubelets() -> Iterator[str]:
    """Process ids of kubelets that are not of a node of ours."""
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            program, *arguments = told.read_text().split("\0")
            if Path(program).name == "kubelet" and not any(PREFIX in argument for argument in arguments):
                yield told.parent.name


def _forget_service_addresses() -> None:
    nft, needs = debian.program("nft", "nftables")
    for family in ("ip", "ip6"):
        _run(str(nft), "delete", "table", family, "kube-proxy", check=False, env={**os.environ, **needs})


def _mounts_below(folder: Path) -> Iterator[str]:
    """The deepest first."""
    points = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    yield from sorted((point for point in points if point.startswith(f"{folder}/")), reverse=True)


def _cgroups(name: str) -> Iterator[Path]:
    """The cgroups of a name, in each hierarchy of version 1 or in the one of version 2."""
    yield from (path for path in (*_CGROUPS.glob(name), *_CGROUPS.glob(f"*/{name}")) if not path.is_symlink())


def _remove_cgroup(cgroup: Path) -> None:
    for folder, _, _ in os.walk(cgroup, topdown=False):
        with contextlib.suppress(OSError):  # of version 1, two names may be one hierarchy
            Path(folder).rmdir()


def _run(*command: str, check: bool = True, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert not check or done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
