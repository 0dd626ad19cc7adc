"""The adapter against a real Ray, beyond what every engine promises (tests/cluster/serving)."""

import pytest

from tests.support.models import make_plan
from trimtab.errors import Retry

pytestmark = pytest.mark.timeout(300)


def test_a_new_version_restarts_no_replica(service, versions):
    service.put(make_plan(versions["1.0.0"]))
    before = replicas(service)
    service.put(make_plan(versions["1.1.0"]))
    assert replicas(service) == before


def test_a_ray_that_was_restarted_gets_the_plan_again_and_the_monitor_remembers(service, versions):
    plan = make_plan(versions["1.0.0"])
    service.put(plan)
    service.live(range(300, 303))
    before = service.until(lambda: (report := service.report()).drift.windows >= 2 and report)
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


def replicas(service) -> set[str]:
    return {replica["actor_id"] for d in status_of(service)["deployments"].values() for replica in d["replicas"]}
