"""What keeps a Job from beginning is said, and goes away by itself; what ends it badly is said too."""

import json
from pathlib import Path

import pytest
import yaml

from tests.support import servers
from tests.support.runs import key_of, over
from trimtab.errors import Refuse

pytestmark = [pytest.mark.timeout(200), pytest.mark.parametrize("bench", ["job"], indirect=True)]
GOLDENS = sorted((Path(__file__).parents[2] / "golden" / "jobs").glob("*.yaml"))


def held(reason):
    return lambda state: state.held is not None and state.held.reason == reason


def begun(state):
    return state.held is None


async def test_a_quota_that_refuses_the_pod_is_said_and_the_run_begins_when_it_is_lifted(bench):
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"namespace": bench.namespace, "name": "none"}}
    bench.plane.apply({**quota, "spec": {"hard": {"pods": "0"}}})
    place = ("-n", bench.namespace, "resourcequota", "none")
    bench.plane.kubectl("wait", *place, "--for=jsonpath={.status.hard.pods}=0", "--timeout=60s")
    request = bench.request("refused")
    await bench.engine.start(key_of(request), request)
    state = await bench.reaches(key_of(request), held("PodRefused"))
    assert "exceeded quota: none" in state.held.message
    assert "raise the quota" in state.held.message
    bench.plane.kubectl("delete", *place)
    await bench.reaches(key_of(request), begun)
    await bench.engine.cancel(key_of(request))


async def test_a_queued_run_waits_for_kueue_and_begins_when_it_is_let(bench):
    request = bench.request("queued", queueName="training")
    key = key_of(request)
    await bench.engine.start(key, request)
    state = await bench.reaches(key, held("Queued"))
    assert "queue 'training'" in state.held.message
    let = json.dumps({"spec": {"suspend": False}})
    bench.plane.kubectl("patch", "-n", bench.namespace, "job", key.name, "--type=merge", "-p", let)
    await bench.reaches(key, begun)
    await bench.engine.cancel(key)


async def test_a_run_that_cannot_reach_mlflow_says_so_in_its_last_words(bench):
    bench.engine = bench.make(f"http://127.0.0.1:{servers.free_port()}")
    request = bench.request("silent")
    await bench.engine.start(key_of(request), request)
    state = await bench.reaches(key_of(request), over, silent=True)
    assert (state.failure.reason, state.failure.retryable) == ("TrackingUnavailable", True)


async def test_a_job_that_kubernetes_never_takes_is_refused_with_the_field(bench):
    engine = bench.make(pools="a100: {nodeSelector: {pool: no label}}")
    request = bench.request("invalid", resources={"gpu": {"count": 1, "nodePool": "a100"}})
    with pytest.raises(Refuse, match=r"JobInvalid: .*spec.template.spec.nodeSelector"):
        await engine.start(key_of(request), request)


async def test_a_job_whose_pods_bear_a_taint_with_a_value_is_taken(bench):
    engine = bench.make(pools="a100: {tolerations: [{key: pool, value: gpu, effect: NoSchedule}]}")
    request = bench.request("bearing", resources={"gpu": {"count": 1, "nodePool": "a100"}})
    key = key_of(request)
    await engine.start(key, request)
    job = json.loads(bench.plane.kubectl("get", "-n", bench.namespace, "job", key.name, "-o", "json").stdout)
    borne = job["spec"]["template"]["spec"]["tolerations"]
    assert borne == [{"key": "pool", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"}]
    await engine.cancel(key)


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.stem)
def test_every_job_we_render_is_accepted_where_pods_are_restricted(bench, golden):
    level = ("pod-security.kubernetes.io/warn=restricted", "pod-security.kubernetes.io/enforce=restricted")
    bench.plane.kubectl("label", "namespace", bench.namespace, *level, "--overwrite")
    document = yaml.safe_load(golden.read_text())
    document["metadata"]["namespace"] = bench.namespace
    done = bench.plane.kubectl("create", "--dry-run=server", "-f", "-", given=json.dumps(document))
    assert "violate PodSecurity" not in done.stderr
