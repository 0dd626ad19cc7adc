"""Who is who on the node: certificates, kubeconfigs, and what of the API server's traffic is written down."""

import yaml

from tests.node.machine.place import API_SERVICE, GATEWAY, NODE, Place
from trimtab.sandbox import kubeconfig, pki
from trimtab.sandbox.network import HOST

IDENTITIES = (
    pki.Identity("server", "trimtab-node"),
    pki.Identity("admin", "admin", "system:masters"),
    pki.Identity("controllers", "system:kube-controller-manager"),
    pki.Identity("scheduler", "system:kube-scheduler"),
    pki.Identity("proxy", "system:kube-proxy"),
    pki.Identity("kubelet", f"system:node:{NODE}", "system:nodes"),
)
OPERATORS = "system:serviceaccounts:trimtab-system"  # the group of the accounts whose every request is audited
AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [{"level": "Metadata", "userGroups": [OPERATORS]}, {"level": "None"}],
}


def grant(place: Place) -> None:
    """Write certificates, kubeconfigs and the audit policy, once."""
    pki.issue(place.layout.pki, IDENTITIES, (HOST, GATEWAY, API_SERVICE))
    for identity in IDENTITIES[1:]:
        config = kubeconfig.with_certificate(place.api, place.layout.pki, identity.file)
        kubeconfig.write(place.kubeconfig(identity.file), config)
    (place.layout.pki / "audit-policy.yaml").write_text(yaml.safe_dump(AUDIT_POLICY))
