"""What the charts render, over the sets of values that people install with."""

import pytest
import yaml

from tests.support import golden
from tests.support.helm import CHARTS, written
from trimtab.deploy import rights

CRDS = CHARTS.parent / "crds"


def of_kind(objects, kind, name=None):
    return [one for one in objects if one["kind"] == kind and name in (None, one["metadata"]["name"])]


def operator(objects):
    [deployment] = of_kind(objects, "Deployment")
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    return container


def test_a_set_of_values_is_rendered_as_it_was_reviewed(text, values):
    golden.same(f"charts/{values.name}", text)


@pytest.mark.parametrize("chart", ["trimtab", "trimtab-crds"])
def test_helm_finds_nothing_to_complain_about(helm, chart, values):
    flags = [f"--values={values}"] if chart == "trimtab" else []
    assert "0 chart(s) failed" in helm("lint", "--strict", CHARTS / chart, *flags).stdout


def test_rendering_twice_gives_the_same_bytes(helm, values, text):
    assert helm.rendered("trimtab", values) == text


def test_a_new_version_of_the_chart_renders_names_and_selectors_that_stay(objects):
    for one in objects:
        assert "0.1.0" not in one["metadata"]["name"]
        assert "version" not in str(one.get("spec", {}).get("selector", ""))


def test_the_kinds_are_those_of_the_folder_crds_and_are_kept(helm, tmp_path):
    shown = {one["metadata"]["name"]: one for one in helm.objects("trimtab-crds", written(tmp_path / "v", {}))}
    ours = [yaml.safe_load(path.read_text()) for path in sorted(CRDS.glob("*.yaml"))]
    assert {one["metadata"]["name"]: one["spec"] for one in ours} == {name: one["spec"] for name, one in shown.items()}
    assert {one["metadata"]["annotations"]["helm.sh/resource-policy"] for one in shown.values()} == {"keep"}


def test_the_kinds_go_with_their_release_where_that_is_asked_for(helm, tmp_path):
    shown = helm.objects("trimtab-crds", written(tmp_path / "v", {"keep": False}))
    assert not any(one["metadata"].get("annotations") for one in shown)


def test_every_pod_is_restricted_and_its_root_is_read_only(objects):
    pods = [one["spec"]["template"]["spec"] for one in of_kind(objects, "Deployment")]
    pods += [one["spec"] for one in of_kind(objects, "Pod")]
    assert len(pods) == 2
    for pod in pods:
        assert pod["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]


def test_no_value_of_a_secret_can_be_given(objects):
    assert not of_kind(objects, "Secret")


@pytest.mark.parametrize(("pipelines", "serving"), [("job", "kuberay"), ("kfp", "kuberay"), ("job", "ray")])
def test_the_rights_are_those_of_the_core_and_of_the_chosen_engines(helm, tmp_path, pipelines, serving):
    values = {
        "mlflow": {"uri": "http://mlflow"},
        "storage": {"uri": "s3://models"},
        "pipelines": {"engine": pipelines, "kfp": {"url": "http://kfp"}},
        "serving": {"engine": serving, "ray": {"dashboard": "http://ray:8265", "url": "http://ray:8000"}},
    }
    objects = helm.objects("trimtab", written(tmp_path / "values.yaml", values))
    [role] = of_kind(objects, "ClusterRole", "trimtab-system-trimtab")
    wanted = [*rights.CORE, *rights.PIPELINES[pipelines], *rights.SERVING[serving]]
    assert all(rule in role["rules"] for rule in wanted)
    assert all(rule in wanted for rule in role["rules"])


def test_with_namespaces_of_its_own_the_operator_has_no_rights_elsewhere(helm):
    objects = helm.objects("trimtab", CHARTS.parent / "tests/charts/values/two-teams.yaml")
    assert not of_kind(objects, "ClusterRole")
    assert not of_kind(objects, "ClusterRoleBinding")
    places = {(one["metadata"]["namespace"], one["metadata"]["name"]) for one in of_kind(objects, "Role")}
    assert places == {("fraud", "trimtab"), ("flights", "trimtab"), ("trimtab-system", "trimtab-leader")}
    assert operator(objects)["args"] == ["--namespace=fraud", "--namespace=flights"]


def test_one_replica_may_be_drained_and_two_may_not_be_drained_together(helm):
    folder = CHARTS.parent / "tests/charts/values"
    assert not of_kind(helm.objects("trimtab", folder / "minimal.yaml"), "PodDisruptionBudget")
    [budget] = of_kind(helm.objects("trimtab", folder / "two-replicas.yaml"), "PodDisruptionBudget")
    assert budget["spec"]["minAvailable"] == 1


def test_a_changed_pool_starts_the_operator_anew(helm, tmp_path):
    def checksum(pools):
        values = {"mlflow": {"uri": "http://mlflow"}, "storage": {"uri": "s3://models"}, "pools": pools}
        [deployment] = of_kind(helm.objects("trimtab", written(tmp_path / "values.yaml", values)), "Deployment")
        return deployment["spec"]["template"]["metadata"]["annotations"]["checksum/pools"]

    assert checksum({}) == checksum({})
    assert checksum({}) != checksum({"a100": {"vram": "80Gi"}})
