"""The adapter against a real Ray: what the operator may rely on."""

import pytest

from tests.serving.service import until
from tests.support.models import make_plan
from trimtab.errors import Retry

pytestmark = pytest.mark.timeout(300)


def test_a_plan_is_put_in_place_once(service, versions):
    plan = make_plan(versions["1.0.0"])
    service.put(plan)
    deployed = deployed_at(service)
    service.wait(service.engine.apply(plan))
    found = until(lambda: (found := service.find()) and found.phase == "Running" and found)
    assert found.plan == plan
    assert found.url == service.url
    assert deployed_at(service) == deployed


def test_a_new_version_restarts_no_replica(service, versions):
    service.put(make_plan(versions["1.0.0"]))
    before = replicas(service)
    service.put(make_plan(versions["1.1.0"]))
    assert replicas(service) == before


def test_a_candidate_comes_and_goes(service, versions):
    service.put(make_plan(versions["1.0.0"], versions["1.1.0"]))
    assert service.report().comparison.version == "1.1.0"
    service.put(make_plan(versions["1.0.0"]))
    assert service.report().comparison is None
    assert service.find().plan.candidate is None


def test_another_service_is_left_alone(service, versions):
    plan = make_plan(versions["1.0.0"])
    service.put(plan)
    other = make_plan(versions["1.1.0"], name="other")
    service.wait(service.engine.apply(other))
    until(lambda: service.wait(service.engine.report("default", "other")))
    assert service.find().plan == plan
    service.wait(service.engine.remove("default", "other"))
    until(lambda: service.wait(service.engine.find("default", "other")) is None)
    assert service.find().plan == plan
    assert service.infer()[0]["model_version"] == "1.0.0"


def test_what_is_not_there_is_not_found_and_removed_without_complaint(service):
    assert service.wait(service.engine.find("default", "nothing")) is None
    assert service.wait(service.engine.report("default", "nothing")) is None
    service.wait(service.engine.remove("default", "nothing"))


def test_a_ray_that_was_restarted_gets_the_plan_again_and_the_monitor_remembers(service, versions):
    plan = make_plan(versions["1.0.0"])
    service.put(plan)
    service.live(range(300, 303))
    before = until(lambda: (report := service.report()).drift.windows >= 2 and report)
    service.head.stop()
    try:
        with pytest.raises(Retry, match="ServingUnavailable"):
            service.find()
        assert service.report() is None
    finally:
        service.head.start()
    assert service.find() is None
    service.put(plan)
    assert service.report() == before


def status_of(service) -> dict:
    return service.wait(service.engine.status())["applications"]["default_flights"]


def deployed_at(service) -> float:
    return status_of(service)["last_deployed_time_s"]


def replicas(service) -> set[str]:
    return {replica["actor_id"] for d in status_of(service)["deployments"].values() for replica in d["replicas"]}
