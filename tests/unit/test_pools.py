"""A pool means its own resource, labels and taints; what no pool has is refused, with those that do."""

from pathlib import Path

import pytest
import yaml

from trimtab.api.resources import Gpu
from trimtab.errors import Refuse
from trimtab.pools import ANYWHERE, PoolTable

GOLDEN = Path(__file__).parents[1] / "golden" / "pools"
TABLE = PoolTable.parse((GOLDEN / "pools.yaml").read_text())


def gpu(**fields):
    return Gpu.model_validate(fields)


@pytest.mark.parametrize("case", sorted(GOLDEN.glob("*.placement.yaml")), ids=lambda path: path.name.split(".")[0])
def test_a_request_is_placed_as_the_golden_says(case):
    asked, placed = yaml.safe_load_all(case.read_text())
    placement = TABLE.place(gpu(**asked))
    rendered = {
        "limits": dict(placement.limits),
        "nodeSelector": dict(placement.node_selector),
        "tolerations": list(placement.tolerations),
    }
    assert rendered == placed


def test_without_gpus_a_pod_may_go_anywhere():
    assert TABLE.place(None) == ANYWHERE


@pytest.mark.parametrize(
    ("asked", "reason", "told"),
    [
        ({"nodePool": "h100"}, "PoolUnknown", "there is no pool 'h100': set gpu.nodePool to a100 or a100-spot or mig"),
        ({"nodePool": "h100", "vram": "60Gi"}, "PoolUnknown", "set gpu.nodePool to a100 or a100-spot"),
        ({"nodePool": "h100", "vram": "1Ti"}, "PoolUnknown", "no pool of this installation has what is asked"),
        ({"nodePool": "mig", "count": 2}, "PoolTooSmall", "pool 'mig' has 1 a node, 2 are asked for: set"),
        ({"nodePool": "mig", "vram": "40Gi"}, "PoolTooSmall", "has GPUs of 20Gi, 40Gi is asked for: set"),
        ({"nodePool": "plain", "vram": "1Gi"}, "PoolTooSmall", "has GPUs of unknown memory, 1Gi is asked for"),
    ],
)
def test_what_a_pool_has_not_is_refused_with_the_pools_that_do(asked, reason, told):
    with pytest.raises(Refuse) as refused:
        TABLE.place(gpu(**asked))
    assert refused.value.reason == reason
    assert told in refused.value.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a100: {acelerator: nvidia.com/gpu}", r"pools\.a100\.acelerator"),
        ("a100: {vram: 80}", r"pools\.a100\.vram"),
        ("[a100]", "pools: Input should be a valid dictionary"),
        ("a100: {", "pools: "),
        ("a100: {tolerations: [{key: pool, operator: Exists, value: gpu}]}", r"pools\.a100\.tolerations\.0\.value"),
        ("a100: {tolerations: [{operator: Equal}]}", r"pools\.a100\.tolerations\.0\.operator: Equal needs a key"),
        ("a100: {tolerations: [{value: gpu}]}", r"pools\.a100\.tolerations\.0\.value: needs a key"),
        ("a100: {tolerations: [{key: pool, tolerationSeconds: 60}]}", r"tolerationSeconds: needs effect NoExecute"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(text, told):
    with pytest.raises(ValueError, match=told):
        PoolTable.parse(text)


@pytest.mark.parametrize(
    ("written", "operator"),
    [
        ("{key: pool, value: gpu, effect: NoSchedule}", "Equal"),
        ("{key: pool, value: ''}", "Equal"),
        ("{key: pool, operator: Equal}", "Equal"),
        ("{key: pool, effect: NoSchedule}", "Exists"),
        ("{key: pool, operator: Exists, value: ''}", "Exists"),
        ("{operator: Exists, value: ''}", "Exists"),
        ("{}", "Exists"),
    ],
)
def test_a_toleration_with_a_value_compares_it_as_in_kubernetes_and_one_without_bears_any(written, operator):
    (borne,) = PoolTable.parse(f"a100: {{tolerations: [{written}]}}").place(gpu(nodePool="a100")).tolerations
    assert borne == yaml.safe_load(written) | {"operator": operator}


def test_an_installation_may_have_no_pools():
    with pytest.raises(Refuse, match="no pool of this installation"):
        PoolTable.parse("").place(gpu(nodePool="a100"))
