"""What keeps a service from being watched is told in words that do not tick, and counted in the status."""

import pytest

from tests.support.objects import model_version, service
from trimtab.api.inferenceservice import DriftState
from trimtab.api.monitoring import LeftOut
from trimtab.contract.serving import MonitorReport, VersionHealth
from trimtab.handlers.metrics import Metrics

NOT_WATCHED = "requests without the parameter of spec.monitoring.window"


def report(verdict, count):
    drift = DriftState(verdict=verdict, windows=7, left_out=LeftOut(requests_without_window=count))
    return MonitorReport(drift_version="1.0.0", drift=drift, candidate=VersionHealth(version="1.1.0"))


@pytest.fixture
async def svc(world, driver):
    world.cluster.add(model_version("1.0.0"))
    world.cluster.add(service("svc"))
    await driver.settle()
    return lambda: driver.get("InferenceService", "svc")["status"]


def message(status, type_):
    return next(each["message"] for each in status["conditions"] if each["type"] == type_)


@pytest.mark.parametrize("verdict", ["Stable", "Unknown"])
async def test_that_some_requests_are_not_watched_is_said_beside_the_verdict(world, driver, svc, verdict):
    world.serving.monitor = report(verdict, 12)
    await driver.settle()
    assert NOT_WATCHED in message(svc(), "Stable")
    assert svc()["drift"]["leftOut"]["requestsWithoutWindow"] == 12
    before = svc()["conditions"]
    world.serving.monitor = report(verdict, 13)
    await driver.settle()
    assert svc()["conditions"] == before


async def test_that_some_requests_are_not_compared_is_said_of_the_candidate(world, driver, svc):
    world.cluster.add(model_version("1.1.0"))
    world.serving.monitor = report("Stable", 12)
    await driver.settle()
    assert message(svc(), "ShadowHealthy").startswith(NOT_WATCHED)


async def test_prometheus_is_told_what_was_left_out_and_why(world, driver, svc):
    world.serving.monitor = report("Stable", 12)
    await driver.settle()
    told = Metrics(lambda: [driver.get("InferenceService", "svc")]).text().decode()
    of = 'name="svc",namespace="ns",reason="requestsWithoutWindow",version="1.0.0"'
    assert f"trimtab_left_out{{{of}}} 12.0" in told
    assert svc()["drift"]["leftOut"]["lateRows"] == 0


async def test_nothing_is_said_while_every_request_names_its_window(world, driver, svc):
    world.serving.monitor = report("Stable", 0)
    await driver.settle()
    assert message(svc(), "Stable") == ""


# ---------------------------------------------------------------- windows that are not judged
def stable(status):
    return next((each["reason"], each["message"]) for each in status["conditions"] if each["type"] == "Stable")


SMALL = "windows of fewer than 50 rows are not judged; make spec.monitoring.window longer"
ONE_MORE = "one window is judged, a verdict takes one more"


@pytest.mark.parametrize(
    ("windows", "small", "said"),
    [
        (0, None, ("TooFewRows", "no window is full yet")),
        (0, 3, ("WindowsTooSmall", SMALL)),
        (1, None, ("TooFewRows", ONE_MORE)),
        (1, 3, ("TooFewRows", f"{ONE_MORE}; {SMALL}")),
    ],
)
async def test_what_the_first_verdict_waits_for_is_said(world, driver, svc, windows, small, said):
    drift = DriftState(verdict="Unknown", windows=windows, small_windows=small)
    world.serving.monitor = MonitorReport(drift_version="1.0.0", drift=drift)
    await driver.settle()
    assert stable(svc()) == said


async def test_what_the_monitor_saw_of_another_version_says_nothing_of_this_one(world, driver, svc):
    drift = DriftState(verdict="Unknown", windows=1, small_windows=3)
    world.serving.monitor = MonitorReport(drift_version="0.9.0", drift=drift)
    await driver.settle()
    assert stable(svc()) == ("TooFewRows", "no window is full yet")


# ---------------------------------------------------------------- tolerances of features that there are not
@pytest.mark.parametrize(
    ("verdict", "first"),
    [("Stable", ""), ("Unknown", "no window is full yet; "), ("DataDrift", "the distribution moved; status.drift has")],
)
async def test_tolerances_of_no_feature_are_named_beside_every_verdict(world, driver, svc, verdict, first):
    drift = DriftState(verdict=verdict)
    world.serving.monitor = MonitorReport(drift_version="1.0.0", drift=drift, unknown_features=["a", "b", "c", "d"])
    await driver.settle()
    message = stable(svc())[1]
    assert message.startswith(first)
    assert message.endswith(".tolerances names what is no feature of the champion: 'a', 'b', 'c', …")
