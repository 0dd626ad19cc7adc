"""The HTTPRoute of a service, and what its Gateway says of it."""

import pytest
import yaml

from tests.support import golden
from tests.support.plans import plan
from trimtab.adapters.serving.kuberay.route import http_route, published, state_of
from trimtab.api.route import Gateway, Route
from trimtab.contract.serving import RouteState

ROUTE = Route(gateway=Gateway(name="public", namespace="gateways"), hostnames=["flights.example.com"])


def told(*conditions, gateway="public"):
    listed = [{"type": type_, "status": status, "reason": "Why", "message": "because"} for type_, status in conditions]
    return {"status": {"parents": [{"parentRef": {"name": gateway}, "conditions": listed}]}}


def test_a_route_is_rendered_as_the_golden_says():
    rendered = http_route(plan(route=ROUTE), "uid-1")
    golden.same("kuberay/route.yaml", yaml.safe_dump(rendered, sort_keys=False, width=120))


def test_a_route_that_publishes_feedback_is_the_protocol_whole():
    route = http_route(plan(route=ROUTE.model_copy(update={"feedback": True})), "uid-1")
    assert [rule["matches"] for rule in route["spec"]["rules"]] == [[{"path": {"type": "PathPrefix", "value": "/v2"}}]]


def goes_out(path, *, feedback):
    """Whether a gateway that reads a path as it stands lets it through: by whole names, as the Gateway API matches."""
    names = path.split("/")
    return any(
        names[: len(value.split("/"))] == value.split("/") if kind == "PathPrefix" else path == value
        for kind, value in published("m", feedback=feedback)
    )


PROTOCOL = ("", "/health/live", "/health/ready", "/models/m", "/models/m/ready", "/models/m/infer",
            "/models/m/versions/1.0.0", "/models/m/versions/1.0.0/infer", "/models/m/versions/1.0.0/ready")  # fmt: skip


@pytest.mark.parametrize("path", PROTOCOL)
def test_every_path_of_the_inference_protocol_goes_out(path):
    assert goes_out(f"/v2{path}", feedback=False)
    assert goes_out(f"/v2{path}", feedback=True)


@pytest.mark.parametrize("path", ["/v2/models/m/feedback", "/v2/models/m%2Ffeedback", "/v2/models/n/infer", "/monitor"])
def test_nothing_else_goes_out(path):
    assert not goes_out(path, feedback=False)


def test_feedback_goes_out_where_the_route_says_so():
    assert goes_out("/v2/models/m/feedback", feedback=True)


def test_a_plan_without_a_route_has_none_to_render():
    with pytest.raises(ValueError, match="asks for no route"):
        http_route(plan(), "uid-1")


@pytest.mark.parametrize(
    ("route", "state"),
    [
        ({}, RouteState()),
        (told(), RouteState()),
        (told(("Accepted", "True")), RouteState(accepted=True)),
        (told(("Accepted", "True"), ("ResolvedRefs", "True")), RouteState(accepted=True)),
        (told(("Accepted", "False")), RouteState(accepted=False, message="Why: because")),
        (told(("Accepted", "True"), ("ResolvedRefs", "False")), RouteState(accepted=False, message="Why: because")),
        (told(("Accepted", "True"), gateway="another"), RouteState()),
    ],
)
def test_a_route_is_taken_up_when_its_own_gateway_says_so(route, state):
    assert state_of(route, ROUTE.gateway) == state
