"""Services whose one endpoint is a process on the host: pods find it by a cluster name."""

from typing import Any

from tests.node.machine.place import GATEWAY

Manifest = dict[str, Any]


def service(name: str, namespace: str, ports: dict[str, tuple[int, int]], **spec: Any) -> list[Manifest]:
    """A Service and its hand-made EndpointSlice.

    `ports`: from a name, which ends in `udp` for that protocol, to the Service's port and the host's.
    """
    protocols = {port: "UDP" if port.endswith("udp") else "TCP" for port in ports}
    listed = [{"name": n, "port": outside, "protocol": protocols[n]} for n, (outside, _) in ports.items()]
    reached = [{"name": n, "port": inside, "protocol": protocols[n]} for n, (_, inside) in ports.items()]
    metadata = {"name": name, "namespace": namespace, "labels": {"kubernetes.io/service-name": name}}
    return [
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": listed, **spec}},
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": metadata,
            "addressType": "IPv4",
            "endpoints": [{"addresses": [GATEWAY], "conditions": {"ready": True}}],
            "ports": reached,
        },
    ]
