"""The control plane that the cluster tests stand on is a real one."""

import pytest

from trimtab.sandbox import rbac


def test_a_namespace_gets_its_service_account(control_plane, namespace):
    account = "serviceaccount/default"
    waited = control_plane.kubectl("wait", "--for=create", "--timeout=20s", "-n", namespace, account)
    assert waited.stdout.strip() == f"{account} condition met"


@pytest.mark.parametrize(
    ("verb", "resource", "answer"),
    [
        ("watch", "inferenceservices.trimtab.dev", "yes"),
        ("create", "trainingruns.trimtab.dev", "yes"),
        ("update", "leases.coordination.k8s.io", "yes"),
        ("patch", "modelversions.trimtab.dev", "no"),
        ("delete", "inferenceservices.trimtab.dev", "no"),
        ("list", "secrets", "no"),
        ("create", "pods", "no"),
    ],
)
def test_the_operator_may_do_what_it_needs_and_nothing_else(control_plane, verb, resource, answer):
    operator = f"--kubeconfig={control_plane.operator_kubeconfig}"
    said = control_plane.kubectl(operator, "auth", "can-i", verb, resource, "-n", rbac.NAMESPACE, check=False)
    assert said.stdout.strip() == answer


def test_the_administrators_writes_are_in_the_audit_log(control_plane, namespace):
    made = [w["objectRef"]["name"] for w in control_plane.writes("admin") if w["objectRef"]["resource"] == "namespaces"]
    assert namespace in made
