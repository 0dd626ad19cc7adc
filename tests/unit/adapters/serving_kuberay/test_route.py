"""The HTTPRoute of a service, and what its Gateway says of it."""

import pytest
import yaml

from tests.support import golden
from tests.support.plans import plan
from trimtab.adapters import route_render
from trimtab.api.route import Gateway, Route
from trimtab.contract.serving import RouteState

ROUTE = Route(gateway=Gateway(name="public", namespace="gateways"), hostnames=["flights.example.com"])


def told(*conditions, gateway="public"):
    listed = [{"type": type_, "status": status, "reason": "Why", "message": "because"} for type_, status in conditions]
    return {"status": {"parents": [{"parentRef": {"name": gateway}, "conditions": listed}]}}


def test_a_route_is_rendered_as_the_golden_says():
    rendered = route_render.http_route(plan(route=ROUTE), "uid-1")
    golden.same("kuberay/route.yaml", yaml.safe_dump(rendered, sort_keys=False, width=120))


def test_a_plan_without_a_route_has_none_to_render():
    with pytest.raises(ValueError, match="asks for no route"):
        route_render.http_route(plan(), "uid-1")


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
    assert route_render.state_of(route, ROUTE.gateway) == state
