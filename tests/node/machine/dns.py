"""The cluster's DNS: CoreDNS on the host, behind the Service that pods are told of."""

import asyncio
import contextlib
import socket
import struct

from tests.node.machine.place import DNS_SERVICE, DOMAIN, GATEWAY, Place
from trimtab.sandbox.part import Part, Probe

_COREFILE = """.:{port} {{
    bind {gateway}
    errors
    health 127.0.0.1:{health}
    kubernetes {domain} in-addr.arpa {{
        kubeconfig {kubeconfig}
        ttl 5
    }}
    cache 5
}}
"""


def coredns(place: Place) -> Part:
    """Its health says only that it runs; `answers` proves the whole way to it."""
    return Part(
        name="coredns",
        command=(place.program("coredns"), "-conf", str(place.state / "Corefile")),
        probes=(Probe(place.local(place.ports.dns_health, "/health")),),
        after=("kube-apiserver",),
        patience=180.0,
    )


def configure(place: Place) -> None:
    """Write what CoreDNS reads."""
    text = _COREFILE.format(
        port=place.ports.dns,
        health=place.ports.dns_health,
        gateway=GATEWAY,
        domain=DOMAIN,
        kubeconfig=place.kubeconfig("admin"),
    )
    (place.state / "Corefile").write_text(text)


async def until_it_answers(name: str = f"kubernetes.default.svc.{DOMAIN}") -> None:
    """Wait until a name is resolved at the Service's address, as pods will ask."""
    while not await asyncio.to_thread(_resolves, name):
        await asyncio.sleep(0.2)


def _resolves(name: str) -> bool:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    header = struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0)  # one question, recursion desired
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client, contextlib.suppress(OSError):
        client.settimeout(0.5)
        client.sendto(header + labels + b"\0" + struct.pack(">HH", 1, 1), (DNS_SERVICE, 53))
        (answers,) = struct.unpack(">H", client.recv(512)[6:8])
        return bool(answers)
    return False
