"""What KubeRay can do, by its own schema; the real one is read in tests/cluster/kuberay."""

import pytest

from trimtab.adapters.serving.kuberay.features import Features, read
from trimtab.errors import Refuse


def schema(*fields: str):
    node = {"properties": {field: {"type": "string"} for field in fields}}
    for name in ("authOptions", "rayClusterConfig", "spec"):
        node = {"properties": {name: node}}
    return {"components": {"schemas": {"io.ray.v1.RayService": node}}}


def test_a_token_is_named_where_kuberay_takes_the_name():
    assert read(schema("mode", "secretName", "enableK8sTokenAuth")) == Features(named_token=True)
    assert read(schema("mode")) == Features(named_token=False)


@pytest.mark.parametrize("document", [schema(), {}, {"components": {"schemas": {}}}])
def test_a_kuberay_without_tokens_is_refused_with_what_to_do(document):
    with pytest.raises(Refuse, match=r"upgrade it to 1\.5\.1"):
        read(document)
