"""The control plane that the cluster tests stand on is a real one."""


def test_a_namespace_gets_its_service_account(control_plane, namespace):
    control_plane.kubectl("wait", "--for=create", "--timeout=20s", "-n", namespace, "serviceaccount/default")


def test_the_operator_may_not_read_secrets(control_plane, namespace):
    operator = f"--kubeconfig={control_plane.operator_kubeconfig}"
    denied = control_plane.kubectl(operator, "auth", "can-i", "list", "secrets", "-n", namespace, check=False)
    allowed = control_plane.kubectl(operator, "auth", "can-i", "patch", "leases.coordination.k8s.io", "-n", namespace)
    assert denied.stdout.strip() == "no"
    assert allowed.stdout.strip() == "yes"


def test_the_administrators_writes_are_in_the_audit_log(control_plane, namespace):
    made = [w["objectRef"]["name"] for w in control_plane.writes("admin") if w["objectRef"]["resource"] == "namespaces"]
    assert namespace in made
