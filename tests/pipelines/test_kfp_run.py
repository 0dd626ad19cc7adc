"""What the KFP server is asked for, read back with the SDK's own protobufs: every setting is found again."""

import json
from pathlib import Path

import pytest
import yaml
from google.protobuf.json_format import MessageToDict, ParseDict
from kfp import components
from kfp.kubernetes import kubernetes_executor_config_pb2 as kubernetes
from kfp.pipeline_spec import pipeline_spec_pb2

from trimtab.adapters.pipelines.kfp.render import run
from trimtab.adapters.pipelines.training_pods import TrainingPods
from trimtab.contract.run import RunRequest
from trimtab.errors import Refuse
from trimtab.keys import RunKey
from trimtab.pools import PoolTable
from trimtab_pipelines import COMPILED

POOLS = Path(__file__).parents[1] / "golden" / "pools" / "pools.yaml"
PODS = TrainingPods(
    image="registry.example/trimtab/trainer:0.1.0",
    store="s3://models/trimtab",
    tracking_uri="http://mlflow:5000",
    pools=PoolTable.parse(POOLS.read_text()),
    pull_policy="Always",
    pull_secret="pull",  # noqa: S106  # a Secret's name
    storage_secret="storage",  # noqa: S106  # the same
    tracking_secret="mlflow",  # noqa: S106  # the same
    service_account="pipeline-runner",
)
STEPS = {"exec-snapshot", "exec-validate", "exec-train", "exec-evaluate", "exec-register"}


def request(**spec):
    spec = {
        "model": "flight-delay",
        "data": {"uri": "s3://lake/flights", "target": "late"},
        "trainer": {"entrypoint": "flights.train:train"},
        **spec,
    }
    return RunRequest.model_validate({"namespace": "team", "trainingRun": "first", "uid": "u-1", "spec": spec})


def asked(**spec):
    return run(RunKey("team", "first-u-1-0"), request(**spec), PODS, yaml.safe_load(COMPILED.read_text()))


def containers(**spec):
    found = ParseDict(asked(**spec)["pipeline_spec"]["pipeline_spec"], pipeline_spec_pb2.PipelineSpec())
    executors = ParseDict(MessageToDict(found.deployment_spec), pipeline_spec_pb2.PipelineDeploymentConfig()).executors
    return {name: executor.container for name, executor in executors.items()}


def pods(**spec):
    platform = ParseDict(asked(**spec)["pipeline_spec"]["platform_spec"], pipeline_spec_pb2.PlatformSpec())
    executors = platform.platforms["kubernetes"].deployment_spec.executors
    return {
        name: ParseDict(MessageToDict(pod), kubernetes.KubernetesExecutorConfig()) for name, pod in executors.items()
    }


def test_the_sdk_loads_what_is_sent_as_a_pipeline_of_the_committed_steps():
    sent = asked()["pipeline_spec"]["pipeline_spec"]
    assert set(components.load_component_from_text(yaml.safe_dump(sent)).component_spec.inputs) == {
        "request",
        "state",
        "store",
    }
    assert containers().keys() == pods().keys() == STEPS
    assert not any(task.get("cachingOptions") for task in sent["root"]["dag"]["tasks"].values())


def test_a_run_is_named_by_its_key_and_told_where_to_tell_how_far_it_is():
    body = asked()
    told = body["runtime_config"]["parameters"]
    assert (body["display_name"], body["service_account"]) == ("first-u-1-0", "pipeline-runner")
    assert (told["state"], told["store"]) == ("mlflow:first-u-1-0", "s3://models/trimtab")
    assert RunRequest.model_validate(json.loads(told["request"])) == request()


def test_every_step_has_the_image_the_environment_and_the_memory():
    for container in containers(resources={"cpu": "2", "memory": "8Gi"}).values():
        assert container.image == PODS.image
        assert {variable.name: variable.value for variable in container.env}["MLFLOW_TRACKING_URI"] == PODS.tracking_uri
        amount = container.resources
        assert (amount.resource_cpu_request, amount.resource_memory_request) == ("2", "8Gi")
        assert amount.resource_memory_limit == "8Gi"


def test_a_run_may_bring_its_own_image():
    image = "registry.example/flights@sha256:abc"
    found = containers(trainer={"entrypoint": "a:b", "image": image})
    assert {container.image for container in found.values()} == {image}


@pytest.mark.parametrize(
    ("gpu", "kind", "count"),
    [
        ({"nodePool": "a100"}, "nvidia.com/gpu", "1"),
        ({"nodePool": "a100", "count": 4}, "nvidia.com/gpu", "4"),
        ({"nodePool": "mig"}, "nvidia.com/mig-3g.20gb", "1"),
    ],
)
def test_the_training_step_alone_asks_for_cards(gpu, kind, count):
    found = containers(resources={"gpu": gpu})
    cards = {name: container.resources.accelerator for name, container in found.items()}
    assert (cards["exec-train"].resource_type, cards["exec-train"].resource_count) == (kind, count)
    assert {card.resource_type for name, card in cards.items() if name != "exec-train"} == {""}


def test_the_training_step_alone_goes_to_the_pool_and_bears_its_taints():
    found = pods(resources={"gpu": {"nodePool": "a100-spot"}})
    train = found.pop("exec-train")
    assert dict(train.node_selector.labels) == {"example.com/pool": "a100", "example.com/capacity": "spot"}
    borne = [(t.key, t.operator, t.value, t.effect, t.toleration_seconds) for t in train.tolerations]
    assert borne == [
        ("nvidia.com/gpu", "Exists", "", "NoSchedule", 0),
        ("example.com/capacity", "Equal", "spot", "NoExecute", 120),
    ]
    assert not any(pod.node_selector.labels or pod.tolerations for pod in found.values())


def test_every_pod_is_labelled_queued_restricted_and_reads_store_and_mlflow_by_their_secrets():
    for pod in pods(queueName="training").values():
        labels = dict(pod.pod_metadata.labels)
        assert labels["kueue.x-k8s.io/queue-name"] == "training"
        assert labels["app.kubernetes.io/component"] == "training"
        assert (pod.security_context.run_as_non_root, pod.security_context.run_as_user) == (True, 1000)
        assert pod.image_pull_policy == "Always"
        assert [
            secret.secret_name_parameter.runtime_value.constant.string_value for secret in pod.image_pull_secret
        ] == ["pull"]
        store, tracking = pod.secret_as_env
        assert (store.secret_name, store.optional) == ("storage", True)
        assert "AWS_ENDPOINT_URL" in {key.env_var for key in store.key_to_env}
        assert (tracking.secret_name, tracking.optional) == ("mlflow", True)
        assert "MLFLOW_TRACKING_TOKEN" in {key.env_var for key in tracking.key_to_env}


def test_without_a_queue_no_pod_waits_for_one():
    assert not any("kueue.x-k8s.io/queue-name" in pod.pod_metadata.labels for pod in pods().values())


def test_a_pool_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(Refuse, match=r"there is no pool 'h100': set gpu\.nodePool to a100"):
        asked(resources={"gpu": {"nodePool": "h100"}})
