"""kube-controller-manager, with the controllers that something here relies on.

It starts after the CRDs are there: its garbage collector looks for new kinds only every 30 seconds.
"""

from trimtab.sandbox.part import Part, Probe
from trimtab.sandbox.site import Site

CONTROLLERS = (
    "clusterrole-aggregation-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "resourcequota-controller",
    "root-ca-certificate-publisher-controller",
    "serviceaccount-controller",
    "serviceaccount-token-controller",
)


def controllers(site: Site) -> Part:
    """Owner references, namespaces, service accounts."""
    pki, kubeconfig = site.layout.pki, site.layout.pki / "controllers.kubeconfig"
    url = site.url(site.addresses.controllers, scheme="https")
    return Part(
        name="kube-controller-manager",
        command=(
            site.program("kube-controller-manager"),
            f"--kubeconfig={kubeconfig}",
            f"--authentication-kubeconfig={kubeconfig}",
            f"--authorization-kubeconfig={kubeconfig}",
            f"--controllers={','.join(CONTROLLERS)}",
            "--bind-address=127.0.0.1",
            f"--secure-port={site.addresses.controllers}",
            f"--tls-cert-file={pki / 'server.crt'}",
            f"--tls-private-key-file={pki / 'server.key'}",
            f"--root-ca-file={pki / 'ca.crt'}",
            f"--service-account-private-key-file={pki / 'service-accounts.key'}",
            "--use-service-account-credentials",
            "--leader-elect=false",
        ),
        probes=(Probe(f"{url}/healthz", authority=pki / "ca.crt"),),
        after=("manifests",),
    )
