"""Where the parts of one node lie and listen."""

from dataclasses import dataclass, fields
from pathlib import Path

from tests.support import gotools
from trimtab.sandbox.layout import Layout
from trimtab.sandbox.network import HOST, free

BRIDGE = "trimtab0"
GATEWAY = "10.88.0.1"  # the bridge's own address: the host, as pods see it
POD_RANGE = "10.88.0.0/16"
FIRST_POD = "10.88.1.2"
SERVICE_RANGE = "10.96.0.0/16"
API_SERVICE = "10.96.0.1"
DNS_SERVICE = "10.96.0.10"
DOMAIN = "cluster.local"
NODE = "node1"
PREFIX = "tt-node-"
"""Of the folder that a node's all lies in, so of the path of each of its processes and mounts."""


@dataclass(frozen=True)
class Ports:
    """Of everything that listens, on the loopback interface or on the bridge."""

    etcd: int
    etcd_peer: int
    etcd_health: int
    apiserver: int
    controllers: int
    scheduler: int
    containerd: int
    kubelet: int
    kubelet_health: int
    proxy_health: int
    proxy_metrics: int
    dns: int
    dns_health: int

    @classmethod
    def choose(cls) -> "Ports":
        """Free ones."""
        found = free()
        return cls(**{field.name: next(found) for field in fields(cls)})


@dataclass(frozen=True)
class Place:
    """One node's folder, ports and control plane's programs."""

    layout: Layout
    ports: Ports
    control_plane: Path

    def prepare(self) -> None:
        """Make the folders."""
        for folder in (self.layout.pki, self.layout.logs, self.layout.processes, self.cni, self.containerd):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def state(self) -> Path:
        """The folder of all."""
        return self.layout.state

    @property
    def cni(self) -> Path:
        """The network's configuration and plugins."""
        return self.state / "cni"

    @property
    def containerd(self) -> Path:
        """Images and running containers."""
        return self.state / "containerd"

    @property
    def containerd_socket(self) -> Path:
        """Where containerd listens."""
        return self.containerd / "containerd.sock"

    @property
    def api(self) -> str:
        """The API server's address, for processes on the host and pods alike."""
        return f"https://{GATEWAY}:{self.ports.apiserver}"

    def local(self, port: int, path: str = "", scheme: str = "http") -> str:
        """An address on the loopback interface."""
        return f"{scheme}://{HOST}:{port}{path}"

    def kubeconfig(self, name: str) -> Path:
        """The kubeconfig of one identity."""
        return self.layout.pki / f"{name}.kubeconfig"

    def program(self, name: str) -> str:
        """A program: the control plane's own, or one of the tools, built if need be."""
        kept = self.control_plane / name
        return str(kept if kept.exists() else gotools.binary(name))
