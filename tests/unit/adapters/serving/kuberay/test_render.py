"""The RayService of a plan, field by field where it matters, and whole in goldens."""

import json
import string

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support import golden
from tests.support.plans import plan, version
from trimtab.adapters.serving.kuberay import render
from trimtab.adapters.serving.kuberay.features import Features
from trimtab.adapters.serving.kuberay.pods import PodSettings
from trimtab.api.inferenceservice import Replicas
from trimtab.api.resources import ServingResources

NEW, OLD = Features(), Features(named_token=False)
SETTINGS = PodSettings(image="registry.example/trimtab/serving:1")
PRIVATE = PodSettings(
    "registry.example/serving@sha256:1",
    "Always",
    pull_secret="registry",  # noqa: S106  # a name
    storage_secret="lake",  # noqa: S106  # a name
    store="s3://models/trimtab/",
)

CASES = {
    "minimal": (plan(), SETTINGS),
    "private-registry-and-store": (plan("1.1.0", candidate=version("1.2.0")), PRIVATE),
    "several-large-copies": (
        plan(replicas=Replicas(min=2, max=4), resources=ServingResources(cpu="2", memory="8Gi")),
        SETTINGS,
    ),
}

NAMES = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=40).filter(
    lambda name: not name.startswith("-") and not name.endswith("-")
)


@pytest.mark.parametrize("case", CASES)
def test_a_plan_is_rendered_as_the_golden_says(case):
    rendered = render.ray_service(CASES[case][0], "uid-1", CASES[case][1], NEW)
    rendered["spec"]["serveConfigV2"] = json.loads(rendered["spec"]["serveConfigV2"])
    golden.same(f"kuberay/{case}.yaml", yaml.safe_dump(rendered, sort_keys=False, width=120))


def test_the_same_plan_is_the_same_bytes_whatever_order_it_was_written_in():
    one = plan(candidate=version("1.1.0"))
    turned = type(one).model_validate(dict(reversed(one.wire().items())))
    assert json.dumps(render.ray_service(one, "u", SETTINGS, NEW)) == json.dumps(
        render.ray_service(turned, "u", SETTINGS, NEW)
    )


def test_a_plan_is_read_back_from_what_was_rendered():
    folder = version("1.4.2").artifact.model_copy(update={"uri": "s3://modelle/verspätung – 1.onnx"})
    wanted = plan(candidate=version("1.5.0"), champion=version("1.4.2").model_copy(update={"artifact": folder}))
    assert render.plan_in(render.ray_service(wanted, "uid-1", SETTINGS, NEW)) == wanted


@pytest.mark.parametrize(
    "config", ["", "{}", "not: [json", '{"applications": [{"deployments": []}]}', '{"applications": []}', "null"]
)
def test_what_another_release_or_a_person_wrote_is_no_plan(config):
    assert render.plan_in({"spec": {"serveConfigV2": config}}) is None


def test_a_template_depends_on_no_version_label_or_time():
    def cluster(wanted):
        return render.ray_service(wanted, "uid-1", SETTINGS, NEW)["spec"]["rayClusterConfig"]

    assert cluster(plan("1.0.0")) == cluster(plan("2.0.0", candidate=version("2.1.0")))


def test_a_kuberay_that_takes_no_name_for_the_token_is_given_none():
    cluster = render.ray_service(plan(), "uid-1", SETTINGS, OLD)["spec"]["rayClusterConfig"]
    assert cluster["authOptions"] == {"mode": "token"}


@given(NAMES)
def test_every_name_becomes_one_that_kuberay_takes(name):
    made = render.name_of(name)
    assert len(made) <= render.LONGEST
    assert made[0] in string.ascii_lowercase
    assert set(made) <= set(string.ascii_lowercase + string.digits + "-")
    assert made[-1] != "-"


@given(NAMES, NAMES)
def test_two_services_never_share_a_name(one, other):
    assert (render.name_of(one) == render.name_of(other)) == (one == other)


def test_a_good_name_is_kept():
    assert render.name_of("flight-delay") == "flight-delay"


@pytest.mark.parametrize(
    ("there", "wanted", "is_held"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"a": 1}, False),
        ({"a": [{"x": 1, "y": 2}]}, {"a": [{"x": 1}]}, True),
        ({"a": [{"x": 1}, {"x": 2}]}, {"a": [{"x": 1}]}, False),
        ({"a": "text"}, {"a": {"x": 1}}, False),
        ({"a": None}, {"a": []}, False),
    ],
)
def test_what_is_wanted_must_be_there_and_more_may_be(there, wanted, is_held):
    assert render.holds(there, wanted) is is_held
