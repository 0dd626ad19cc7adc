"""etcd: the cluster's memory. Mutual TLS, for loopback is everybody's; no fsync, for a sandbox is no production."""

from trimtab.sandbox.part import Part, Probe
from trimtab.sandbox.site import Site


def etcd(site: Site) -> Part:
    """One member, no quorum."""
    pki, addresses = site.layout.pki, site.addresses
    client, peer = (site.url(port, scheme="https") for port in (addresses.etcd, addresses.etcd_peer))
    health = site.url(addresses.etcd_health)
    files = {"cert-file": "server.crt", "key-file": "server.key", "trusted-ca-file": "ca.crt"}
    tls = [f"--{side}{flag}={pki / file}" for side in ("", "peer-") for flag, file in files.items()]
    return Part(
        name="etcd",
        command=(
            site.program("etcd"),
            f"--data-dir={site.layout.etcd}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            f"--listen-metrics-urls={health}",
            *tls,
            "--client-cert-auth",
            "--peer-client-cert-auth",
            "--unsafe-no-fsync",
            "--log-level=warn",
        ),
        probes=(Probe(f"{health}/health"),),
    )
