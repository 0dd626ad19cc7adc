"""The node as a whole: what `up` and `down` mean, and kubectl for what comes after."""

import asyncio
import contextlib
import fcntl
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.node.machine import access, archive, containers, controlplane, dns, host, kubelet, neighbour
from tests.node.machine.place import DNS_SERVICE, NODE, PREFIX, Place, Ports
from tests.support import gotools
from tests.support.waiting import until
from trimtab.sandbox.build import build
from trimtab.sandbox.layout import Layout
from trimtab.sandbox.part import Part, Step
from trimtab.sandbox.supervisor import Report, Supervisor

_ONE_AT_A_TIME = Path("/run/lock/trimtab-node")  # the bridge's name and addresses are fixed
# What must be gone before the containers are ended, lest new ones come.
_FIRST_TO_GO = ("kubelet", "kube-scheduler", "kube-controller-manager", "coredns")


@dataclass(frozen=True)
class Node:
    """One running node; `place` says where it lies."""

    place: Place

    def kubectl(
        self, *arguments: str, given: str | None = None, check: bool = True, patience: float = 120.0
    ) -> subprocess.CompletedProcess[str]:
        """Run kubectl as the administrator; `given` is its standard input, `patience` is in seconds."""
        command = [self.place.program("kubectl"), f"--kubeconfig={self.place.kubeconfig('admin')}", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=patience)
        assert not check or done.returncode == 0, f"kubectl {' '.join(arguments)}: {done.stderr}"
        return done

    def get(self, *arguments: str) -> dict[str, Any]:
        """`kubectl get …` as an object."""
        return json.loads(self.kubectl("get", "-o", "json", *arguments).stdout)

    def apply(self, *documents: dict[str, Any], manager: str = "test") -> None:
        """Apply objects on the server's side, as a user would."""
        items = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(documents)})
        self.kubectl("apply", "--server-side", f"--field-manager={manager}", "-f", "-", given=items)

    def wait(self, condition: str, *objects: str, namespace: str = "default", patience: float = 120.0) -> None:
        """Wait for what `kubectl wait --for` knows, also for objects that are not there yet or have no status."""
        command = ("wait", f"--for={condition}", f"--namespace={namespace}", *objects)

        def holds() -> bool:
            return self.kubectl(*command, "--timeout=5s", check=False).returncode == 0

        until(holds, lambda: self.kubectl(*command, "--timeout=1s", check=False).stderr, patience)

    def load(self, *images: Path) -> None:
        """Make images known to the node, from OCI archives."""
        containers.load(self.place, images)

    def start(self, *items: Part | Step, report: Report = lambda *_: None) -> None:
        """Start parts beside the node's own, or those of its own that were stopped; `down` stops them with it."""
        asyncio.run(Supervisor(self.place.layout).up(items, report))

    def stop(self, *names: str) -> None:
        """Stop parts by name, the node's own too."""
        asyncio.run(Supervisor(self.place.layout).down({}, names))


def parts(place: Place) -> list[Part | Step]:
    """All the node is made of."""
    return [
        containers.containerd(place),
        controlplane.etcd(place),
        controlplane.apiserver(place),
        controlplane.controllers(place),
        controlplane.scheduler(place),
        Step("pause", lambda: _load_pause(place), after=("containerd",)),
        kubelet.kubelet(place),
        kubelet.proxy(place),
        dns.coredns(place),
        Step("ready", lambda: _until_ready(Node(place)), after=("kubelet", "kube-proxy", "coredns")),
    ]


@contextlib.contextmanager
def running(report: Report = lambda *_: None) -> Iterator[Node]:
    """A node, from nothing to nothing; another one on this machine is waited for."""
    with _alone(), tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        place = Place(Layout.at(Path(folder)), Ports.choose(), asyncio.run(build()))
        place.prepare()
        host.borrow(place)
        try:
            asyncio.run(up(place, report))
            yield Node(place)
        finally:
            asyncio.run(down(place))


def clear_up() -> None:
    """Take down what is left of nodes whose run was killed; one that is in use is waited for."""
    with _alone():
        for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            asyncio.run(down(Place(Layout.at(folder), Ports.choose(), asyncio.run(build()))))
            shutil.rmtree(folder, ignore_errors=True)


async def up(place: Place, report: Report = lambda *_: None) -> None:
    """Start everything; returns when the node is ready and names are resolved."""
    access.grant(place)
    for part in (containers, kubelet, dns):
        part.configure(place)
    await Supervisor(place.layout).up(parts(place), report)


async def down(place: Place) -> None:
    """Stop everything, in an order in which nothing is left behind."""
    supervisor = Supervisor(place.layout)
    after = {item.name: item.after for item in parts(place)}
    await supervisor.down(after, _FIRST_TO_GO)
    containers.clear(place)
    await supervisor.down(after)
    host.give_back(place)


async def _load_pause(place: Place) -> None:
    image = archive.write(place.state / "pause.tar", containers.PAUSE, {"/pause": gotools.binary("pause")}, ["/pause"])
    await asyncio.to_thread(containers.load, place, [image])


async def _until_ready(node: Node, patience: float = 180.0) -> None:
    ports = {"dns-udp": (53, node.place.ports.dns), "dns-tcp": (53, node.place.ports.dns)}
    node.apply(*neighbour.service("kube-dns", "kube-system", ports, clusterIP=DNS_SERVICE))
    await asyncio.to_thread(node.wait, "condition=Ready", f"node/{NODE}", patience=patience)
    async with asyncio.timeout(patience):
        await dns.until_it_answers()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with _ONE_AT_A_TIME.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
