"""What is written to the API server for a plan, and what is left alone."""

import json

import pytest

from tests.support.objects import service
from tests.support.plans import version
from trimtab.api.inferenceservice import Replicas
from trimtab.api.resources import ServingResources
from trimtab.errors import Refuse


async def test_a_plan_is_read_back_as_it_was_put(stage):
    plan = stage.plan(candidate=version("1.1.0"), resources=ServingResources(cpu="2", memory="4Gi"))
    await stage.engine().apply(plan)
    found = await stage.found()
    assert found.plan == plan
    assert found.url == f"http://svc-serve-svc.{stage.namespace}.svc:8000/{stage.namespace}/svc"
    assert not found.outdated


async def test_putting_a_plan_again_writes_nothing(stage):
    await stage.engine().apply(stage.plan())
    before = stage.get("rayservice", "svc")["metadata"]
    await stage.engine().apply(stage.plan())
    assert stage.get("rayservice", "svc")["metadata"] == before


async def test_a_new_version_changes_the_serve_config_only(stage):
    await stage.engine().apply(stage.plan("1.0.0"))
    before = stage.get("rayservice", "svc")["spec"]
    await stage.engine().apply(stage.plan("1.1.0", candidate=version("1.2.0")))
    after = stage.get("rayservice", "svc")["spec"]
    assert {field for field in after if after[field] != before[field]} == {"serveConfigV2"}


async def test_more_copies_change_the_number_of_workers_and_nothing_else_of_the_cluster(stage):
    await stage.engine().apply(stage.plan())
    before = stage.get("rayservice", "svc")["spec"]["rayClusterConfig"]
    await stage.engine().apply(stage.plan(replicas=Replicas(min=1, max=3)))
    after = stage.get("rayservice", "svc")["spec"]["rayClusterConfig"]
    assert after["workerGroupSpecs"][0]["maxReplicas"] == 3
    sizes = {"replicas", "minReplicas", "maxReplicas"}
    left = [{k: v for k, v in c["workerGroupSpecs"][0].items() if k not in sizes} for c in (before, after)]
    assert left[0] == left[1]
    assert before["headGroupSpec"] == after["headGroupSpec"]


async def test_another_image_is_another_cluster_and_the_old_one_is_said_to_be_outdated(stage):
    await stage.engine().apply(stage.plan())
    newer = stage.engine(image="registry.example/trimtab/serving:2")
    assert (await newer.find(stage.namespace, "svc")).outdated
    await newer.apply(stage.plan())
    assert not (await newer.find(stage.namespace, "svc")).outdated


async def test_what_others_write_beside_ours_stays_and_is_not_outdated(stage):
    await stage.engine().apply(stage.plan())
    theirs = {
        "apiVersion": "ray.io/v1",
        "kind": "RayService",
        "metadata": {"namespace": stage.namespace, "name": "svc", "annotations": {"team": "late"}},
        "spec": {"excludeHeadPodFromServeSvc": True},
    }
    stage.plane.apply(theirs)
    await stage.engine().apply(stage.plan("1.1.0"))
    there = stage.get("rayservice", "svc")
    assert there["spec"]["excludeHeadPodFromServeSvc"] is True
    assert there["metadata"]["annotations"]["team"] == "late"
    assert not (await stage.found()).outdated


async def test_a_field_of_ours_that_somebody_changed_is_seen_and_put_right(stage):
    await stage.engine().apply(stage.plan())
    patch = json.dumps({"spec": {"rayClusterConfig": {"rayVersion": "2.50.0"}}})
    stage.plane.kubectl("patch", "rayservice", "svc", "-n", stage.namespace, "--type=merge", "-p", patch)
    assert (await stage.found()).outdated
    await stage.engine().apply(stage.plan())
    assert not (await stage.found()).outdated


def uid(stage):
    return stage.get("inferenceservice", "svc")["metadata"]["uid"]


def token(stage):
    return stage.get("secret", f"svc-ray-token-{uid(stage)[:8]}")


async def test_the_token_is_made_once_and_belongs_to_the_service(stage):
    await stage.engine().apply(stage.plan())
    first = token(stage)
    await stage.engine().apply(stage.plan("1.1.0"))
    assert token(stage) == first
    assert [owner["uid"] for owner in first["metadata"]["ownerReferences"]] == [uid(stage)]


async def test_a_service_that_is_made_again_at_once_has_a_token_of_its_own(stage):
    await stage.engine().apply(stage.plan())
    before = uid(stage)
    for kind in ("inferenceservice", "rayservice"):  # the Secret is left to the garbage collector, as in a cluster
        stage.plane.kubectl("delete", kind, "svc", "-n", stage.namespace, "--cascade=orphan")
    stage.plane.apply(service(namespace=stage.namespace))
    await stage.look()
    await stage.engine().apply(stage.plan())
    assert before != uid(stage)
    assert [owner["uid"] for owner in token(stage)["metadata"]["ownerReferences"]] == [uid(stage)]


async def test_a_rayservice_of_somebody_else_is_never_taken(stage):
    theirs = {
        "apiVersion": "ray.io/v1",
        "kind": "RayService",
        "metadata": {"namespace": stage.namespace, "name": "svc"},
        "spec": {"rayClusterConfig": {"headGroupSpec": {"template": {"spec": {"containers": []}}}}},
    }
    stage.plane.apply(theirs)
    before = stage.get("rayservice", "svc")
    assert await stage.found() is None
    with pytest.raises(Refuse, match="not this service's"):
        await stage.engine().apply(stage.plan())
    await stage.engine().remove(stage.namespace, "svc")
    assert stage.get("rayservice", "svc") == before


async def test_all_that_an_installation_can_set_is_accepted(stage):
    private = {"pull_policy": "Always", "pull_secret": "registry", "storage_secret": "lake", "store": "s3://models"}
    await stage.engine(**private).apply(stage.plan(replicas=Replicas(min=2, max=4)))
    assert not (await stage.engine(**private).find(stage.namespace, "svc")).outdated


async def test_pods_of_the_templates_are_admitted_where_only_restricted_ones_are(stage):
    def tried(spec):
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"namespace": stage.namespace, "name": "one"},
            "spec": spec,
        }
        return stage.plane.kubectl("create", "--dry-run=server", "-f", "-", given=json.dumps(pod), check=False)

    stage.plane.kubectl("label", "namespace", stage.namespace, "pod-security.kubernetes.io/enforce=restricted")
    await stage.engine().apply(stage.plan())
    made = stage.get("rayservice", "svc")["spec"]["rayClusterConfig"]
    pods = [group["template"]["spec"] for group in (made["headGroupSpec"], *made["workerGroupSpecs"])]
    assert [tried(pod).stdout.strip() for pod in pods] == ["pod/one created (server dry run)"] * 2
    assert "violates PodSecurity" in tried({"containers": [{"name": "ray", "image": "none"}]}).stderr
