"""The way in from outside: an HTTPRoute that comes and goes with spec.route, against the Gateway API's real kind."""

import pytest

from trimtab.api.route import Gateway, Route
from trimtab.errors import Refuse

ROUTE = Route(gateway=Gateway(name="public", section_name="https"), hostnames=["late.example.com"])


async def test_a_route_comes_changes_and_goes_with_the_plan(stage):
    await stage.engine().apply(stage.plan(route=ROUTE))
    found = await stage.found()
    assert found.route.accepted is None
    assert not found.outdated
    wider = ROUTE.model_copy(update={"hostnames": ["late.example.com", "*.late.example.com"], "feedback": True})
    await stage.engine().apply(stage.plan(route=wider))
    there = stage.get("httproute", "svc")["spec"]
    assert there["hostnames"] == wider.hostnames
    assert len(there["rules"]) == 1
    await stage.engine().apply(stage.plan())
    assert stage.get("httproutes")["items"] == []
    assert not (await stage.found()).outdated


async def test_a_route_that_somebody_deleted_is_seen_and_put_back(stage):
    await stage.engine().apply(stage.plan(route=ROUTE))
    stage.plane.kubectl("delete", "httproute", "svc", "-n", stage.namespace)
    assert (await stage.found()).outdated
    await stage.engine().apply(stage.plan(route=ROUTE))
    assert not (await stage.found()).outdated


async def test_a_service_that_is_taken_down_takes_its_route_with_it(stage):
    await stage.engine().apply(stage.plan(route=ROUTE))
    await stage.engine().remove(stage.namespace, "svc")
    assert stage.get("httproutes")["items"] == []


async def test_a_route_of_somebody_else_is_never_taken(stage):
    head = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute"}
    stage.plane.apply({**head, "metadata": {"namespace": stage.namespace, "name": "svc"}, "spec": {}})
    with pytest.raises(Refuse, match="not this service's"):
        await stage.engine().apply(stage.plan(route=ROUTE))
    await stage.engine().remove(stage.namespace, "svc")
    assert len(stage.get("httproutes")["items"]) == 1


async def test_an_installation_without_routes_says_what_to_set(stage):
    with pytest.raises(Refuse, match=r"serving\.routes"):
        await stage.engine(routes=False).apply(stage.plan(route=ROUTE))
