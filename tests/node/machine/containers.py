"""containerd, runc and the pods' network, all below the node's folder."""

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.node.machine.place import BRIDGE, FIRST_POD, POD_RANGE, Place
from tests.support import gotools
from trimtab.sandbox.part import Part, Probe

PAUSE = "docker.io/trimtab/pause:1"
_PLUGINS = ("bridge", "loopback", "host-local")

# No oom_score_adj below that of containerd itself: lowering it needs CAP_SYS_RESOURCE, which a container's root lacks.
# The gRPC address stands under its own plugin since version 4, which no longer reads `[grpc]`.
_CONFIG = """version = 4
root = "{folder}/root"
state = "{folder}/state"
disabled_plugins = ["io.containerd.nri.v1.nri"]
[plugins."io.containerd.server.v1.grpc"]
  address = "{socket}"
[plugins."io.containerd.server.v1.ttrpc"]
  address = "{socket}.ttrpc"
[plugins."io.containerd.server.v1.metrics"]
  address = "127.0.0.1:{metrics}"
[plugins."io.containerd.internal.v1.opt"]
  path = "{folder}/opt"
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "{pause}"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["{cni}/bin"]
    conf_dir = "{cni}/net.d"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
      BinaryName = "{runc}"
      SystemdCgroup = false
"""


def containerd(place: Place) -> Part:
    """It finds its shim on PATH."""
    shim = gotools.binary("containerd-shim-runc-v2").parent
    return Part(
        name="containerd",
        command=(place.program("containerd"), f"--config={place.containerd / 'config.toml'}"),
        env={"PATH": f"{shim}:{os.environ['PATH']}"},
        probes=(Probe(place.local(place.ports.containerd, "/v1/metrics")),),
        patience=180.0,
    )


def configure(place: Place) -> None:
    """Write what containerd and the network's plugins read."""
    text = _CONFIG.format(
        folder=place.containerd,
        socket=place.containerd_socket,
        metrics=place.ports.containerd,
        cni=place.cni,
        runc=gotools.binary("runc"),
        pause=PAUSE,
    )
    (place.containerd / "config.toml").write_text(text)
    for folder in ("bin", "net.d"):
        (place.cni / folder).mkdir()
    for name in _PLUGINS:
        (place.cni / "bin" / name).symlink_to(gotools.binary(f"cni-{name}"))
    (place.cni / "net.d" / "10-bridge.conflist").write_text(json.dumps(_network(place)))


def _network(place: Place) -> dict[str, object]:
    """One bridge; no way out of it, so that what runs in pods depends on nothing outside."""
    addresses = {
        "type": "host-local",
        "dataDir": str(place.cni / "addresses"),
        "ranges": [[{"subnet": POD_RANGE, "rangeStart": FIRST_POD}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    bridge = {"type": "bridge", "bridge": BRIDGE, "isGateway": True, "hairpinMode": True, "ipam": addresses}
    return {"cniVersion": "1.0.0", "name": "trimtab", "plugins": [bridge, {"type": "loopback"}]}


def load(place: Place, images: Iterable[Path]) -> None:
    """Import images from OCI archives; their annotations say their names."""
    for image in images:
        _ctr(place, "images", "import", str(image))


def signal(place: Place, container: str, name: str) -> bool:
    """Send a signal to what runs in a container, past the kubelet; False where nothing does any longer."""
    return _told(place, "tasks", "kill", f"--signal={name}", container).returncode == 0


def clear(place: Place) -> None:
    """End every container, whoever started it."""
    for task in _ctr(place, "tasks", "ls", "-q", check=False).split():
        _ctr(place, "tasks", "rm", "--force", task, check=False)
    for container in _ctr(place, "containers", "ls", "-q", check=False).split():
        _ctr(place, "containers", "rm", container, check=False)


def _ctr(place: Place, *arguments: str, check: bool = True) -> str:
    done = _told(place, *arguments)
    assert not check or done.returncode == 0, f"ctr {' '.join(arguments)}: {done.stderr}"
    return done.stdout


def _told(place: Place, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [place.program("ctr"), f"--address={place.containerd_socket}", "--namespace=k8s.io", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
