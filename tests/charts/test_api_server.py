"""What the charts render is taken by a real API server, and works there: rights, upgrades, rollbacks, ends."""

import json

import pytest
import yaml

from tests.support import gotools
from tests.support.controlplane import ControlPlane
from tests.support.helm import CHARTS, Helm, written

PROMETHEUS = ("github.com/prometheus-operator/prometheus-operator", "v0.85.0")
MONITORS = "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml"
SOUND = {"mlflow": {"uri": "http://mlflow:5000"}, "storage": {"uri": "s3://models/trimtab"}}
RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"


@pytest.fixture(scope="module")
def installed(control_plane: ControlPlane):
    """The kinds and namespaces of others that the sets of values speak of."""
    control_plane.kubectl("apply", "--server-side", "-f", str(gotools.module(*PROMETHEUS) / MONITORS))
    for name in ("fraud", "flights"):
        control_plane.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    control_plane.wait("condition=Established", "crd/servicemonitors.monitoring.coreos.com")
    return control_plane


@pytest.fixture
def cluster(control_plane, tmp_path):
    """Helm that speaks to the control plane."""
    return Helm.at(tmp_path / "helm", control_plane.admin_kubeconfig)


def tried(plane, namespace, objects, *flags):
    """Apply without effect, in this namespace instead of the one they were rendered for."""
    text = yaml.safe_dump_all(objects).replace("trimtab-system", namespace)
    return plane.kubectl("apply", "--server-side", "--dry-run=server", *flags, "-f", "-", given=text, check=False)


def test_the_api_server_takes_all_that_is_rendered(installed, namespace, objects):
    tested = tried(installed, namespace, objects)
    assert tested.returncode == 0, tested.stderr


def test_the_api_server_takes_the_kinds(helm, control_plane, tmp_path):
    kinds = helm.objects("trimtab-crds", written(tmp_path / "v", {}))
    tested = tried(control_plane, "default", kinds, "--force-conflicts")  # they are there already, by another hand
    assert tested.returncode == 0, tested.stderr


def test_the_pods_are_let_into_a_restricted_namespace(control_plane, namespace, objects):
    control_plane.kubectl("label", "namespace", namespace, RESTRICTED)
    control_plane.kubectl("wait", "--for=create", "--timeout=20s", "-n", namespace, "serviceaccount/default")
    pods = [as_pod(one, namespace) for one in objects if one["kind"] in {"Deployment", "Pod"}]
    assert tried(control_plane, namespace, pods).returncode == 0
    pods[0]["spec"]["containers"][0]["securityContext"].pop("capabilities")
    assert "PodSecurity" in tried(control_plane, namespace, pods).stderr


def as_pod(one, namespace):
    """The pod that a Deployment would make, under the account that every namespace has."""
    spec = one["spec"] if one["kind"] == "Pod" else one["spec"]["template"]["spec"]
    spec = {key: value for key, value in spec.items() if key not in {"serviceAccountName", "priorityClassName"}}
    metadata = {"name": f"tried-{one['kind'].lower()}", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def may(plane, account, verb, resource, namespace):
    said = plane.kubectl("auth", "can-i", verb, resource, "-n", namespace, f"--as={account}", check=False)
    return said.stdout.strip() == "yes"


def test_an_installation_for_one_namespace_may_work_there_and_nowhere_else(
    cluster, control_plane, make_namespace, tmp_path
):
    home, theirs, other = (make_namespace() for _ in range(3))
    values = written(tmp_path / "values.yaml", SOUND | {"watch": {"namespaces": [theirs]}})
    cluster("install", "models", CHARTS / "trimtab", "-n", home, f"--values={values}")
    account = f"system:serviceaccount:{home}:models-trimtab"
    assert may(control_plane, account, "create", "trainingruns.trimtab.dev", theirs)
    assert may(control_plane, account, "create", "jobs.batch", theirs)
    assert may(control_plane, account, "update", "leases.coordination.k8s.io", home)
    assert not may(control_plane, account, "create", "trainingruns.trimtab.dev", other)
    assert not may(control_plane, account, "list", "secrets", theirs)
    assert not may(control_plane, account, "update", "leases.coordination.k8s.io", theirs)


@pytest.fixture
def release(cluster, namespace, tmp_path):
    """An installation, and a way to change it."""

    def change(command, **values):
        given = written(tmp_path / "values.yaml", SOUND | {"rbac": {"aggregate": False}} | values)
        return cluster(command, "trimtab", CHARTS / "trimtab", "-n", namespace, f"--values={given}")

    change("install")
    yield change
    cluster("uninstall", "trimtab", "-n", namespace, check=False)


KINDS = "deployment,service,configmap,serviceaccount,role,rolebinding,networkpolicy,poddisruptionbudget"


def held(plane, namespace):
    """What the release has in the namespace, with the version of each."""
    found = plane.get(KINDS, "-n", namespace, "-l", "app.kubernetes.io/instance=trimtab")
    return {(one["kind"], one["metadata"]["name"]): one["metadata"]["resourceVersion"] for one in found["items"]}


def test_an_upgrade_that_changes_nothing_writes_nothing(release, control_plane, namespace):
    before = held(control_plane, namespace)
    release("upgrade")
    assert before
    assert held(control_plane, namespace) == before


def test_an_upgrade_takes_effect_and_a_rollback_takes_it_back(release, cluster, control_plane, namespace):
    before = set(held(control_plane, namespace))
    release("upgrade", replicas=2, pools={"a100": {"vram": "80Gi"}})
    assert set(held(control_plane, namespace)) - before == {("PodDisruptionBudget", "trimtab")}
    cluster("rollback", "trimtab", "1", "-n", namespace)
    assert set(held(control_plane, namespace)) == before
    found = control_plane.get("deployment", "trimtab", "-n", namespace)
    assert found["spec"]["replicas"] == 1


@pytest.mark.usefixtures("release")
def test_nothing_but_the_users_objects_is_left_after_an_end(cluster, control_plane, namespace):
    control_plane.kubectl(
        "create", "secret", "generic", "trimtab-storage", "-n", namespace, "--from-literal=AWS_REGION=eu"
    )
    assert held(control_plane, namespace)
    cluster("uninstall", "trimtab", "-n", namespace)
    assert held(control_plane, namespace) == {}
    rest = json.loads(control_plane.kubectl("get", "secret", "-n", namespace, "-o", "json").stdout)
    assert [one["metadata"]["name"] for one in rest["items"]] == ["trimtab-storage"]


def test_kinds_that_were_applied_by_hand_are_taken_over_by_the_chart_and_outlive_it(cluster, control_plane, namespace):
    taking = ("--take-ownership", "--force-conflicts", "--server-side=true")
    cluster("install", "kinds", CHARTS / "trimtab-crds", "-n", namespace, *taking)
    cluster("uninstall", "kinds", "-n", namespace)
    assert control_plane.get("crd", "trainingruns.trimtab.dev")["metadata"]["annotations"] == {
        "meta.helm.sh/release-name": "kinds",
        "meta.helm.sh/release-namespace": namespace,
        "helm.sh/resource-policy": "keep",
    }
