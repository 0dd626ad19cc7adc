"""Values that cannot work are refused before anything is installed, with the name of the value."""

import pytest

from tests.support.helm import CHARTS, written

SOUND = {"mlflow": {"uri": "http://mlflow:5000"}, "storage": {"uri": "s3://models/trimtab"}}


def bears(**toleration):
    """A pool with this toleration."""
    return {"pools": {"a100": {"tolerations": [toleration]}}}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"mlflow": {"uri": ""}}, "mlflow.uri is required"),
        ({"mlflow": {"uri": "mlflow:5000"}}, "/mlflow/uri"),
        ({"mlflow": {"uri": "http://trimtab:secret@mlflow:5000"}}, "/mlflow/uri"),
        ({"storage": {"uri": ""}}, "storage.uri is required"),
        ({"storage": {"uri": "/srv/models"}}, "/storage/uri"),
        ({"storage": {"uri": "s3://models", "accessKey": "AKIA"}}, "'accessKey' not allowed"),
        ({"replicas": 3}, "/replicas"),
        ({"replica": 2}, "'replica' not allowed"),
        ({"image": {"digest": "1234"}}, "/image/digest"),
        ({"image": {"repository": "Trimtab/Operator"}}, "/image/repository"),
        ({"watch": {"namespaces": ["Fraud"]}}, "/watch/namespaces/0"),
        ({"watch": {"namespaces": "fraud"}}, "/watch/namespaces"),
        ({"pipelines": {"engine": "argo"}}, "/pipelines/engine"),
        ({"pipelines": {"engine": "kfp"}}, "pipelines.kfp.url is required"),
        ({"serving": {"engine": "ray"}}, "serving.ray.dashboard and serving.ray.url are required"),
        ({"serviceAccount": {"create": False}}, "serviceAccount.name is required"),
        ({"pools": {"a100": {"vram": "80"}}}, "/pools/a100/vram"),
        ({"pools": {"a100": {"maxCount": 0}}}, "/pools/a100/maxCount"),
        ({"pools": {"A100": {}}}, "A100"),
        (bears(operator="Exists", key="pool", value="gpu"), "/pools/a100/tolerations/0/value"),
        (bears(operator="Equal"), "/pools/a100/tolerations/0/operator"),
        (bears(value="gpu"), "/pools/a100/tolerations/0/value"),
        (bears(key="pool", effect="NoSchedule", tolerationSeconds=60), "/pools/a100/tolerations/0/effect"),
        ({"resources": {"limits": {"memory": "lots"}}}, "/resources/limits/memory"),
        ({"networkPolicies": {"apiServer": {"cidrs": ["10.0.0.1"]}}}, "/networkPolicies/apiServer/cidrs/0"),
        ({"metrics": {"serviceMonitor": {"interval": "often"}}}, "/metrics/serviceMonitor/interval"),
        ({"leaseSeconds": 1}, "/leaseSeconds"),
        ({"logLevel": "loud"}, "/logLevel"),
        ({"env": {"A": 1}}, "/env/A"),
    ],
    ids=lambda case: str(case) if isinstance(case, dict) else "",
)
def test_a_wrong_value_is_refused_by_name(helm, tmp_path, wrong, told):
    values = written(tmp_path / "values.yaml", SOUND | wrong)
    refused = helm("template", "trimtab", CHARTS / "trimtab", f"--values={values}", check=False)
    assert refused.returncode != 0
    assert told in refused.stderr.replace("additional properties ", "")


def test_the_same_values_without_the_fault_are_taken(helm, tmp_path):
    values = written(tmp_path / "values.yaml", SOUND)
    assert helm("template", "trimtab", CHARTS / "trimtab", f"--values={values}").returncode == 0


@pytest.mark.parametrize(
    "toleration",
    [
        {"key": "pool", "value": "gpu", "effect": "NoSchedule"},
        {"key": "pool", "operator": "Equal", "value": "gpu", "effect": "NoExecute", "tolerationSeconds": 60},
        {"key": "pool", "effect": "NoSchedule"},
        {"operator": "Exists", "value": ""},
    ],
    ids=str,
)
def test_a_toleration_that_kubernetes_takes_is_taken(helm, tmp_path, toleration):
    values = written(tmp_path / "values.yaml", SOUND | bears(**toleration))
    assert helm("template", "trimtab", CHARTS / "trimtab", f"--values={values}").returncode == 0


def test_the_chart_of_the_kinds_refuses_a_misspelt_value(helm, tmp_path):
    values = written(tmp_path / "values.yaml", {"keeep": False})
    refused = helm("template", "trimtab", CHARTS / "trimtab-crds", f"--values={values}", check=False)
    assert "keeep" in refused.stderr
