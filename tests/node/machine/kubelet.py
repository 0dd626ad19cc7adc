"""The kubelet and the proxy: what makes a machine a node."""

import os

import yaml

from tests.node.machine.place import DNS_SERVICE, DOMAIN, GATEWAY, NODE, POD_RANGE, Place
from tests.support.gotools import debian
from trimtab.sandbox.part import Part, Probe


def kubelet(place: Place) -> Part:
    """Its own folders lie in the node's; cgroup v1 is taken as well as v2."""
    return Part(
        name="kubelet",
        command=(
            place.program("kubelet"),
            f"--config={place.state / 'kubelet.yaml'}",
            f"--kubeconfig={place.kubeconfig('kubelet')}",
            f"--hostname-override={NODE}",
            f"--node-ip={GATEWAY}",
            f"--root-dir={place.state / 'kubelet'}",
            f"--cert-dir={place.state / 'kubelet-pki'}",
        ),
        probes=(Probe(place.local(place.ports.kubelet_health, "/healthz")),),
        after=("kube-apiserver", "containerd", "pause"),
        patience=180.0,
    )


# Any disk is fuller than this; the grace keeps the kubelet from evicting anybody meanwhile.
DISK_PRESSURE = {
    "evictionSoft": {"nodefs.available": "99%"},
    "evictionSoftGracePeriod": {"nodefs.available": "1h"},
}


def configure(place: Place, **more: object) -> None:
    """Write what the kubelet reads, and a resolv.conf for pods that have no cluster DNS."""
    (place.state / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    (place.state / "kubelet.yaml").write_text(yaml.safe_dump(_configuration(place) | more))


def _configuration(place: Place) -> dict[str, object]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(place.layout.pki / "ca.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "address": GATEWAY,
        "port": place.ports.kubelet,
        "healthzPort": place.ports.kubelet_health,
        "cgroupDriver": "cgroupfs",
        "failCgroupV1": False,
        "failSwapOn": False,
        "containerRuntimeEndpoint": f"unix://{place.containerd_socket}",
        "podLogsDir": str(place.state / "pod-logs"),
        "clusterDNS": [DNS_SERVICE],
        "clusterDomain": DOMAIN,
        "resolvConf": str(place.state / "resolv.conf"),
        # The machine is shared: its own fullness is not what is tested, and images cannot be pulled again.
        "evictionHard": {"nodefs.available": "1%", "imagefs.available": "1%", "memory.available": "100Mi"},
        "evictionPressureTransitionPeriod": "1s",
        "imageGCHighThresholdPercent": 99,
        "imageGCLowThresholdPercent": 98,
        "registerWithTaints": [],
    }


def proxy(place: Place) -> Part:
    """Service addresses by nftables; the host's limits of connection tracking are left as they are."""
    nft, needs = debian.program("nft", "nftables")
    return Part(
        name="kube-proxy",
        command=(
            place.program("kube-proxy"),
            f"--kubeconfig={place.kubeconfig('proxy')}",
            f"--hostname-override={NODE}",
            "--proxy-mode=nftables",
            f"--cluster-cidr={POD_RANGE}",
            f"--healthz-bind-address=127.0.0.1:{place.ports.proxy_health}",
            f"--metrics-bind-address=127.0.0.1:{place.ports.proxy_metrics}",
            "--conntrack-max-per-core=0",
            "--conntrack-tcp-timeout-established=0",
            "--conntrack-tcp-timeout-close-wait=0",
        ),
        env={"PATH": f"{nft.parent}:{os.environ['PATH']}", **needs},
        probes=(Probe(place.local(place.ports.proxy_metrics, "/healthz")),),
        after=("kube-apiserver",),
        patience=180.0,
    )
