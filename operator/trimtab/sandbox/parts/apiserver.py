"""kube-apiserver: RBAC on, loopback only, every write noted in an audit log."""

from pathlib import Path

import yaml

from trimtab.sandbox.part import Part, Probe
from trimtab.sandbox.pki import SERVICE_ADDRESS
from trimtab.sandbox.site import Site

# Reads are too many to be of use; a write is noted once, when it is answered.
AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [{"level": "None", "verbs": ["get", "list", "watch"]}, {"level": "Metadata"}],
}


def write_audit_policy(file: Path) -> None:
    """Write the policy the API server reads."""
    file.write_text(yaml.safe_dump(AUDIT_POLICY))


def apiserver(site: Site) -> Part:
    """The API server; its health is asked without a certificate, which RBAC's defaults allow."""
    pki, addresses = site.layout.pki, site.addresses
    url = site.url(addresses.apiserver, scheme="https")
    return Part(
        name="kube-apiserver",
        command=(
            site.program("kube-apiserver"),
            *_listens(site),
            *_trusts(pki),
            *_issues_tokens(pki),
            f"--etcd-servers={site.url(addresses.etcd, scheme='https')}",
            f"--etcd-cafile={pki / 'ca.crt'}",
            f"--etcd-certfile={pki / 'server.crt'}",
            f"--etcd-keyfile={pki / 'server.key'}",
            f"--audit-policy-file={pki / 'audit-policy.yaml'}",
            f"--audit-log-path={site.layout.audit}",
            "--audit-log-mode=blocking",
        ),
        probes=(Probe(f"{url}/readyz", authority=pki / "ca.crt"),),
        after=("etcd",),
    )


def _listens(site: Site) -> list[str]:
    return [
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        f"--secure-port={site.addresses.apiserver}",
        f"--service-cluster-ip-range={SERVICE_ADDRESS}/24",
        "--endpoint-reconciler-type=none",  # a loopback address is refused as an endpoint
    ]


def _trusts(pki: Path) -> list[str]:
    return [
        f"--tls-cert-file={pki / 'server.crt'}",
        f"--tls-private-key-file={pki / 'server.key'}",
        f"--client-ca-file={pki / 'ca.crt'}",
        "--authorization-mode=RBAC",
        # Off by default, on in stricter clusters: who sets an owner must be allowed to hold up its deletion.
        "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
    ]


def _issues_tokens(pki: Path) -> list[str]:
    return [
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={pki / 'service-accounts.pub'}",
        f"--service-account-signing-key-file={pki / 'service-accounts.key'}",
    ]
