"""Two services of one model: what one finds out counts for both, what it cannot tell for itself only."""

from dataclasses import dataclass, field

import pytest

from tests.support.fakes import FakeServing
from tests.support.objects import NAMESPACE, model_version, service
from trimtab.api.inferenceservice import GateState
from trimtab.contract.serving import ComparisonReport, MonitorReport
from trimtab.keys import Key

NEWER = Key("ModelVersion", NAMESPACE, "late-1.1.0")


@dataclass
class EachItsOwn(FakeServing):
    """A monitor for each service; one that the test does not name has seen nothing."""

    monitors: dict[str, MonitorReport] = field(default_factory=dict)

    async def report(self, namespace, name):
        self.monitor = self.monitors.get(name, MonitorReport())
        return await super().report(namespace, name)


def seen(verdict):
    gates = [GateState(metric="loss", verdict=verdict, estimate=0.01)]
    return MonitorReport(comparison=ComparisonReport(version="1.1.0", requests=500, labelled=400, gates=gates))


@pytest.fixture
async def both(world, driver):
    """Services `prod`, which has a month for a verdict, and `dev`, which has a day; both compare 1.1.0 with 1.0.0."""
    world.serving = EachItsOwn()
    world.cluster.add(model_version("1.0.0"))
    month = {"gates": [{"metric": "loss", "margin": 0.0}], "minRequests": 100, "deadline": "30d"}
    world.cluster.add(service("prod", promotion=month))
    world.cluster.add(service("dev"))
    await driver.settle()
    world.cluster.add(model_version("1.1.0"))
    await driver.settle()


async def finds(world, driver, **verdicts):
    world.serving.monitors = {name: seen(verdict) for name, verdict in verdicts.items()}
    await driver.settle()


async def a_day_passes(world, driver):
    world.clock.step(days=1)
    await driver.settle()


def status(driver, name):
    return driver.get("InferenceService", name)["status"]


def last_decision(driver, name):
    told = status(driver, name)["decisions"][-1]
    return told["action"], told["version"], told["message"]


def channel(driver):
    return driver.get("ModelVersion", NEWER.name)["status"]["channel"]


@pytest.mark.usefixtures("both")
async def test_a_service_without_traffic_refuses_a_version_for_itself_only(world, driver):
    await a_day_passes(world, driver)
    told = "no verdict at the deadline, too little evidence: 0 rows, 0 labelled"
    assert last_decision(driver, "dev") == ("Rejected", "1.1.0", told)
    assert status(driver, "prod")["shadow"]["version"] == "1.1.0"
    assert (channel(driver), driver.says("ModelVersion", NEWER.name, "Ready")) == ("Shadow", ("True", "Servable"))
    await finds(world, driver, prod="Pass")
    assert status(driver, "prod")["champion"]["version"] == "1.1.0"


@pytest.mark.usefixtures("both")
async def test_a_version_that_lacked_evidence_in_one_service_is_not_compared_there_again(world, driver):
    await a_day_passes(world, driver)
    await finds(world, driver, dev="Pass")
    assert (status(driver, "dev")["champion"]["version"], status(driver, "dev").get("shadow")) == ("1.0.0", None)


@pytest.mark.usefixtures("both")
async def test_a_service_that_loses_its_candidate_to_anothers_verdict_says_so_with_the_reason(world, driver):
    await finds(world, driver, dev="Fail")
    assert status(driver, "prod").get("shadow") is None
    why = "candidate less champion: loss Fail: +0.01 nats a row (500 rows, 400 labelled)"
    assert last_decision(driver, "prod") == ("Rejected", "1.1.0", f"rejected elsewhere: dev: {why}")
    assert driver.condition("ModelVersion", NEWER.name, "Ready")["message"] == f"dev: {why}"


@pytest.mark.usefixtures("both")
async def test_a_champion_stays_champion_when_another_service_lacks_evidence(world, driver):
    await finds(world, driver, prod="Pass")
    await a_day_passes(world, driver)
    assert last_decision(driver, "dev")[0] == "Rejected"
    assert channel(driver) == "Champion"


@pytest.mark.usefixtures("both")
async def test_a_champion_that_another_service_refuses_is_champion_until_it_is_served_no_more(world, driver):
    await finds(world, driver, prod="Pass")
    await finds(world, driver, dev="Fail")
    assert channel(driver) == "Champion"
    assert driver.says("ModelVersion", NEWER.name, "Stalled")[0] == "absent"
    assert world.registry.aliases["late", "champion"] == 1
    world.cluster.change(Key("InferenceService", NAMESPACE, "prod"), version="1.0.0")
    await driver.settle()
    assert channel(driver) == "Rejected"


@pytest.mark.usefixtures("both")
async def test_a_champion_that_a_person_rejects_is_rejected_at_once(world, driver):
    await finds(world, driver, prod="Pass")
    world.cluster.change(NEWER, rejected=True)
    await driver.look(NEWER)
    assert channel(driver) == "Rejected"


@pytest.mark.usefixtures("both")
async def test_a_refusal_that_only_its_service_recalls_outlasts_other_decisions(world, driver):
    await a_day_passes(world, driver)
    deployed, _, rejected = status(driver, "dev")["decisions"]
    status(driver, "dev")["decisions"] = [rejected, *[deployed] * 49]
    world.cluster.add(model_version("1.2.0"))
    await driver.settle()
    world.cluster.remove(Key("ModelVersion", NAMESPACE, "late-1.2.0"))
    await driver.settle()
    assert len(status(driver, "dev")["decisions"]) == 50
    assert status(driver, "dev").get("shadow") is None
