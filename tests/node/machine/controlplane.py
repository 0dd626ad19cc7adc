"""etcd, the API server, the controllers and the scheduler of the node: as the sandbox has them, and all of them."""

from tests.node.machine.place import GATEWAY, POD_RANGE, SERVICE_RANGE, Place
from trimtab.sandbox.part import Part, Probe


def etcd(place: Place) -> Part:
    """One member on the loopback interface; nothing has to survive the node, so nothing is synced to the disk."""
    pki, ports = place.layout.pki, place.ports
    client, peer = (place.local(port, scheme="https") for port in (ports.etcd, ports.etcd_peer))
    files = {"cert-file": "server.crt", "key-file": "server.key", "trusted-ca-file": "ca.crt"}
    return Part(
        name="etcd",
        command=(
            place.program("etcd"),
            f"--data-dir={place.state / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            f"--listen-metrics-urls={place.local(ports.etcd_health)}",
            *(f"--{side}{flag}={pki / file}" for side in ("", "peer-") for flag, file in files.items()),
            "--client-cert-auth",
            "--peer-client-cert-auth",
            "--unsafe-no-fsync",
            "--log-level=warn",
        ),
        probes=(Probe(place.local(ports.etcd_health, "/health")),),
        patience=180.0,
    )


def apiserver(place: Place) -> Part:
    """It listens on the bridge, where pods and the host find it at one address."""
    pki, ports = place.layout.pki, place.ports
    return Part(
        name="kube-apiserver",
        command=(
            place.program("kube-apiserver"),
            f"--bind-address={GATEWAY}",
            f"--advertise-address={GATEWAY}",
            f"--secure-port={ports.apiserver}",
            f"--service-cluster-ip-range={SERVICE_RANGE}",
            f"--tls-cert-file={pki / 'server.crt'}",
            f"--tls-private-key-file={pki / 'server.key'}",
            f"--client-ca-file={pki / 'ca.crt'}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction,OwnerReferencesPermissionEnforcement",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={pki / 'service-accounts.pub'}",
            f"--service-account-signing-key-file={pki / 'service-accounts.key'}",
            f"--kubelet-client-certificate={pki / 'admin.crt'}",
            f"--kubelet-client-key={pki / 'admin.key'}",
            "--kubelet-preferred-address-types=InternalIP",
            f"--etcd-servers={place.local(ports.etcd, scheme='https')}",
            f"--etcd-cafile={pki / 'ca.crt'}",
            f"--etcd-certfile={pki / 'server.crt'}",
            f"--etcd-keyfile={pki / 'server.key'}",
            f"--audit-policy-file={pki / 'audit-policy.yaml'}",
            f"--audit-log-path={place.layout.audit}",
            "--audit-log-mode=blocking",
        ),
        probes=(Probe(f"{place.api}/readyz", authority=pki / "ca.crt"),),
        after=("etcd",),
        patience=180.0,
    )


def controllers(place: Place) -> Part:
    """All of Kubernetes' own controllers."""
    return Part(
        name="kube-controller-manager",
        command=(
            place.program("kube-controller-manager"),
            *_serves(place, "controllers", place.ports.controllers),
            f"--cluster-cidr={POD_RANGE}",
            f"--root-ca-file={place.layout.pki / 'ca.crt'}",
            f"--service-account-private-key-file={place.layout.pki / 'service-accounts.key'}",
            "--use-service-account-credentials",
        ),
        probes=(_healthz(place, place.ports.controllers),),
        after=("kube-apiserver",),
        patience=180.0,
    )


def scheduler(place: Place) -> Part:
    """It places pods on the only node, or says why it cannot."""
    return Part(
        name="kube-scheduler",
        command=(place.program("kube-scheduler"), *_serves(place, "scheduler", place.ports.scheduler)),
        probes=(_healthz(place, place.ports.scheduler),),
        after=("kube-apiserver",),
        patience=180.0,
    )


def _serves(place: Place, identity: str, port: int) -> list[str]:
    pki, kubeconfig = place.layout.pki, place.kubeconfig(identity)
    return [
        f"--kubeconfig={kubeconfig}",
        f"--authentication-kubeconfig={kubeconfig}",
        f"--authorization-kubeconfig={kubeconfig}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--tls-cert-file={pki / 'server.crt'}",
        f"--tls-private-key-file={pki / 'server.key'}",
        "--leader-elect=false",
    ]


def _healthz(place: Place, port: int) -> Probe:
    return Probe(place.local(port, "/healthz", "https"), authority=place.layout.pki / "ca.crt")
