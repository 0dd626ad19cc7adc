"""An operator that was given namespaces works in these, with rights in these, and sees nothing else."""

import json

import pytest

from tests.support.objects import training_run
from tests.support.operator_process import OperatorProcess, environment
from tests.support.waiting import until
from trimtab.deploy import rights
from trimtab.sandbox import kubeconfig


@pytest.fixture
def places(control_plane):
    """The operator's own namespace, two that it watches, and one that it does not."""
    names = [control_plane.namespace() for _ in range(4)]
    yield names
    for name in names:
        control_plane.kubectl("delete", "namespace", name, "--wait=false", check=False)


@pytest.fixture
def operator(control_plane, places, outside_server, tmp_path):
    home, first, second, _ = places
    control_plane.grant(home, "leader", rights.LEADER, f"{home}/default")
    for place in (first, second):
        control_plane.grant(place, "trimtab", rights.CORE, f"{home}/default")
    control_plane.kubectl("wait", "--for=create", "--timeout=20s", "-n", home, "serviceaccount/default")
    token = control_plane.kubectl("create", "token", "default", "-n", home).stdout.strip()
    admin = kubeconfig.read(control_plane.admin_kubeconfig)
    kubeconfig.write(tmp_path / "kubeconfig", kubeconfig.with_token(admin, "default", token))
    told = environment(control_plane, outside_server.url, tmp_path / "state", home)
    told |= {"KUBECONFIG": str(tmp_path / "kubeconfig"), "TRIMTAB_WATCHDOG": "1"}
    arguments = ("--namespace", first, "--namespace", second)
    with OperatorProcess(told, tmp_path / "operator.log", arguments) as process:
        yield process


def seen(plane, namespace):
    """Whether an operator said anything of the run: a status as the API server fills it in holds no condition."""
    found = plane.kubectl("get", "trun", "one", "-n", namespace, "-o", "json")
    return "conditions" in json.loads(found.stdout).get("status", {})


def test_runs_of_the_given_namespaces_are_reconciled_and_no_others(control_plane, places, operator):
    _, first, second, other = places
    until(lambda: "leading" in operator.said, "the operator leads")
    for place in (other, first, second):
        control_plane.apply(training_run("one", place))
    until(lambda: seen(control_plane, first) and seen(control_plane, second), "both runs are seen")
    assert not seen(control_plane, other)
    assert operator.process.poll() is None, "its watchdog found a watch dead"


def test_a_namespace_whose_role_is_gone_costs_the_others_nothing(control_plane, places, operator):
    home, first, second, _ = places
    until(lambda: "leading" in operator.said, "the operator leads")
    control_plane.kubectl("delete", "rolebinding", "trimtab", "-n", first)
    until(lambda: f"{first} is passed over" in operator.said, "it is seen that the namespace may not be read")
    operator.end()
    operator.start()
    until(lambda: f"{first} is left out" in operator.said, "a new operator begins without it")
    control_plane.apply(training_run("one", second))
    until(lambda: seen(control_plane, second), "the other namespace's run is seen")
    assert operator.process.poll() is None
    control_plane.grant(first, "trimtab", rights.CORE, f"{home}/default")
    until(lambda: operator.process.poll() is not None, "it ends, to be started with the namespace it may read again")
    assert f"watches of {first} are alive" in operator.said
