"""What the operator does as a process: it stays silent when all is settled, goes on after outages, and lets go."""

import json
import signal
import time
import urllib.request

import pytest

from tests.support.objects import service, training_run
from tests.support.waiting import until
from trimtab.reconcile.naming import FINALIZER


def writes(stage):
    """The operator's writes in the stage's namespace, but for its Lease."""
    refs = [entry["objectRef"] for entry in stage.plane.writes()]
    return [ref for ref in refs if ref.get("namespace") == stage.namespace and ref["resource"] != "leases"]


def promoted(stage):
    return stage.get("mver", "late-1.0.0").get("status", {}).get("channel") == "Retired"


def test_a_settled_world_is_not_written_to(stage):
    stage.apply(training_run("first"))
    stage.apply(service("svc"))
    until(lambda: promoted(stage) and stage.condition("infsvc", "svc", "Ready")[0] == "True", "all is settled")
    time.sleep(1)
    before = writes(stage)
    time.sleep(8)
    assert before
    assert writes(stage) == before


def test_nothing_of_kopf_is_left_in_an_object(stage):
    stage.apply(training_run("first"))
    until(lambda: stage.condition("trun", "first", "Ready")[0] == "True", "the run is finished")
    obj = stage.get("trun", "first")
    assert "kopf" not in json.dumps(obj)
    assert obj["metadata"]["finalizers"] == [FINALIZER]


def test_the_operator_owns_no_field_of_a_users_spec(stage):
    stage.apply(service("svc"))
    until(lambda: stage.condition("infsvc", "svc", "Ready")[1] == "NoVersionInRange", "the service was seen")
    shown = stage.plane.kubectl("get", "infsvc", "svc", "-n", stage.namespace, "-o", "json", "--show-managed-fields")
    ours = [f for f in json.loads(shown.stdout)["metadata"]["managedFields"] if f["manager"] == "trimtab"]
    assert {key for field in ours for key in field["fieldsV1"]} == {"f:metadata", "f:status"}


def test_a_deleted_service_takes_its_application_with_it(stage):
    stage.apply(training_run("first"))
    stage.apply(service("svc"))
    until(lambda: "svc" in stage.outside.plans, "the service is served")
    stage.plane.kubectl("delete", "infsvc", "svc", "-n", stage.namespace, "--timeout=20s")
    assert "svc" not in stage.outside.plans
    assert stage.get("mver", "late-1.0.0")


def test_a_deleted_run_is_stopped_first(stage):
    stage.server.down.add("pipelines")
    try:
        stage.apply(training_run("first"))
        until(lambda: stage.condition("trun", "first", "Ready")[1] == "EngineUnavailable", "the outage is told")
    finally:
        stage.server.down.clear()
    until(lambda: stage.outside.runs, "the run starts by itself")
    stage.plane.kubectl("delete", "trun", "first", "-n", stage.namespace, "--timeout=20s")
    assert not stage.outside.runs


def test_health_tells_who_leads(stage):
    until(lambda: "leading" in stage.operator.said, "the operator leads")
    address = next(line.split()[-1] for line in stage.operator.said.splitlines() if "health at" in line)
    for place in ("/healthz", "/readyz"):
        assert urllib.request.urlopen(address + place).status == 200  # noqa: S310 - our own address
    text = urllib.request.urlopen(address + "/metrics").read().decode()  # noqa: S310 - the same
    assert "trimtab_leader 1.0" in text


@pytest.mark.parametrize("moment", ["health at", "leading"])
def test_a_signal_ends_the_operator_well_at_any_moment(stage, moment):
    until(lambda: moment in stage.operator.said, "the operator has come so far")
    assert stage.operator.end(signal.SIGTERM) == 0
