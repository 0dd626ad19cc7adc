"""A candidate: chosen, shadowed, judged; and never chosen again once it was refused."""

from tests.support.objects import NAMESPACE, model_version, service
from trimtab.api.inferenceservice import GateState
from trimtab.contract.serving import ComparisonReport, MonitorReport, VersionHealth
from trimtab.keys import Key

SVC = Key("InferenceService", NAMESPACE, "svc")


async def shadowed(world, driver, *newer, **promotion):
    world.cluster.add(model_version("1.0.0"))
    svc = service("svc")
    svc["spec"]["promotion"] |= promotion
    world.cluster.add(svc)
    await driver.settle()
    for version in newer or ["1.1.0"]:
        world.cluster.add(model_version(version))
    await driver.settle()


def compared(version, verdict="Inconclusive", requests=500, **report):
    gates = [GateState(metric="loss", verdict=verdict, estimate=0.01, low=-0.1, high=0.2)]
    comparison = ComparisonReport(version=version, requests=requests, labelled=400, gates=gates, **report)
    return MonitorReport(comparison=comparison)


def status(driver):
    return driver.get("InferenceService", "svc")["status"]


def channel(driver, version):
    return driver.get("ModelVersion", f"late-{version}")["status"]["channel"]


async def test_a_newer_version_in_range_is_put_beside_the_champion(world, driver):
    await shadowed(world, driver)
    plan = world.serving.plans["ns", "svc"]
    assert (plan.champion.version, plan.candidate.version) == ("1.0.0", "1.1.0")
    assert driver.says("InferenceService", "svc", "UpToDate") == ("False", "CandidateInShadow")
    assert driver.says("InferenceService", "svc", "ShadowHealthy") == ("True", "CandidateAnswering")
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")
    assert channel(driver, "1.1.0") == "Shadow"


async def test_the_newest_of_several_is_the_candidate(world, driver):
    await shadowed(world, driver, "1.1.0", "1.3.0", "1.2.0", "2.0.0")
    assert status(driver)["shadow"]["version"] == "1.3.0"


async def test_older_versions_are_no_candidates(world, driver):
    await shadowed(world, driver, "0.9.0")
    assert status(driver).get("shadow") is None


async def test_a_promoted_candidate_is_written_before_it_is_acted_on(world, driver):
    await shadowed(world, driver)
    world.serving.monitor = compared("1.1.0", "Pass")
    await driver.look(SVC)
    assert status(driver)["champion"]["version"] == "1.1.0"
    assert world.serving.plans["ns", "svc"].champion.version == "1.0.0"
    await driver.look(SVC)
    assert world.serving.plans["ns", "svc"].champion.version == "1.1.0"


async def test_a_refused_candidate_stays_refused(world, driver):
    await shadowed(world, driver)
    world.serving.monitor = compared("1.1.0", "Fail")
    await driver.settle()
    assert channel(driver, "1.1.0") == "Rejected"
    world.serving.monitor = compared("1.1.0", "Pass")
    await driver.settle()
    assert (status(driver)["champion"]["version"], status(driver).get("shadow")) == ("1.0.0", None)


async def test_a_refused_candidate_stays_refused_in_another_service(world, driver):
    await shadowed(world, driver)
    world.serving.monitor = compared("1.1.0", "Fail")
    await driver.settle()
    world.cluster.remove(SVC)
    await driver.settle()
    world.cluster.add(service("next"))
    await driver.settle()
    assert driver.get("InferenceService", "next")["status"]["champion"]["version"] == "1.0.0"


async def test_the_verdict_is_told_with_its_numbers(world, driver):
    await shadowed(world, driver)
    world.serving.monitor = compared("1.1.0", "Fail")
    await driver.settle()
    last = status(driver)["decisions"][-1]
    assert (last["action"], last["version"]) == ("Rejected", "1.1.0")
    loss = "loss Fail: +0.01 nats a row in [-0.1, +0.2]"
    assert last["message"] == f"candidate less champion: {loss} (500 rows, 400 labelled)"
    assert "Rejected" in world.recorder.reasons


async def test_evidence_about_another_version_is_none(world, driver):
    await shadowed(world, driver)
    world.serving.monitor = compared("1.2.0", "Pass")
    await driver.settle()
    assert status(driver)["champion"]["version"] == "1.0.0"


async def test_without_a_word_from_the_monitor_nothing_is_judged(world, driver):
    await shadowed(world, driver)
    world.serving.answers = False
    world.clock.step(days=30)
    await driver.settle()
    assert status(driver)["shadow"]["version"] == "1.1.0"


async def test_at_the_deadline_the_better_of_two_is_taken(world, driver):
    await shadowed(world, driver)
    world.serving.monitor = compared("1.1.0", better=True)
    world.clock.step(hours=23)
    await driver.settle()
    assert status(driver)["champion"]["version"] == "1.0.0"
    world.clock.step(hours=1)
    await driver.settle()
    assert status(driver)["champion"]["version"] == "1.1.0"


async def test_the_time_a_candidate_takes_to_load_is_not_taken_from_its_deadline(world, driver):
    world.serving.monitor = MonitorReport(candidate=VersionHealth(version="0.9.0"))
    await shadowed(world, driver)
    world.clock.step(hours=23)
    await driver.settle()
    world.serving.monitor = compared("1.1.0", better=True).model_copy(
        update={"candidate": VersionHealth(version="1.1.0")}
    )
    await driver.settle()
    world.clock.step(hours=23)
    await driver.settle()
    assert status(driver)["champion"]["version"] == "1.0.0"
    world.clock.step(hours=1)
    await driver.settle()
    assert status(driver)["champion"]["version"] == "1.1.0"


async def without_labels_at_the_deadline(world, driver, **promotion):
    await shadowed(world, driver, **promotion)
    world.serving.monitor = MonitorReport(comparison=ComparisonReport(version="1.1.0", requests=500))
    await driver.settle()
    world.clock.step(days=1)
    await driver.settle()


async def test_a_candidate_that_never_gets_a_label_leaves_at_the_deadline(world, driver):
    await without_labels_at_the_deadline(world, driver)
    assert (status(driver)["champion"]["version"], status(driver).get("shadow")) == ("1.0.0", None)
    assert "too little evidence" in status(driver)["decisions"][-1]["message"]
    assert driver.says("InferenceService", "svc", "RetrainAllowed") == ("True", "Allowed")


async def test_a_candidate_that_is_waited_for_after_the_deadline_says_what_it_lacks(world, driver):
    await without_labels_at_the_deadline(world, driver, onNoData="Wait")
    assert status(driver)["shadow"]["version"] == "1.1.0"
    found = driver.condition("InferenceService", "svc", "UpToDate")
    assert found["reason"] == "CandidateInShadow"
    assert "the deadline is over without enough evidence: 500 rows, 0 labelled" in found["message"]


async def never_loaded_by_the_deadline(world, driver, **promotion):
    world.serving.monitor = MonitorReport(candidate=VersionHealth(error="no such file"))
    await shadowed(world, driver, **promotion)
    world.clock.step(days=1)
    await driver.settle()


async def test_a_candidate_that_is_not_loaded_by_the_deadline_leaves_with_the_reason(world, driver):
    await never_loaded_by_the_deadline(world, driver)
    assert status(driver).get("shadow") is None
    told = "no verdict at the deadline, too little evidence: 0 rows, 0 labelled; it never answered: no such file"
    assert status(driver)["decisions"][-1]["message"] == told


async def test_a_candidate_that_is_waited_for_and_not_loaded_asks_for_no_requests(world, driver):
    await never_loaded_by_the_deadline(world, driver, onNoData="Wait")
    told = driver.condition("InferenceService", "svc", "UpToDate")["message"]
    assert told.endswith("; the deadline is over, and it never answered: ShadowHealthy says why")
    assert driver.says("InferenceService", "svc", "ShadowHealthy") == ("False", "CandidateNotLoaded")


async def test_a_service_stays_ready_while_the_promoted_version_is_put_in_place(world, driver):
    await shadowed(world, driver)
    world.serving.monitor = compared("1.1.0", "Pass").model_copy(update={"champion": VersionHealth(version="1.0.0")})
    await driver.look(SVC)
    await driver.look(SVC)
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")
    assert driver.says("InferenceService", "svc", "Reconciling") == ("True", "Deploying")
    assert driver.says("InferenceService", "svc", "UpToDate") == ("False", "Deploying")
    world.serving.monitor = MonitorReport()
    await driver.settle()
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")


async def test_evidence_is_written_when_it_says_something_new(world, driver):
    await shadowed(world, driver)
    world.serving.monitor = compared("1.1.0", requests=100)
    await driver.settle()
    writes = len(world.cluster.writes)
    world.serving.monitor = compared("1.1.0", requests=105)
    await driver.settle()
    assert len(world.cluster.writes) == writes
    world.serving.monitor = compared("1.1.0", requests=200, windows=2)
    await driver.settle()
    shadow = status(driver)["shadow"]
    assert (shadow["requests"], shadow["labelled"], shadow["windows"]) == (200, 400, 2)


async def test_a_candidate_that_cannot_be_loaded_costs_the_champion_nothing(world, driver):
    world.serving.monitor = MonitorReport(candidate=VersionHealth(error="no such file"))
    await shadowed(world, driver)
    assert driver.says("InferenceService", "svc", "ShadowHealthy") == ("False", "CandidateNotLoaded")
    assert driver.says("InferenceService", "svc", "Ready") == ("True", "Answering")


async def test_a_candidate_that_answers_too_late_is_told(world, driver):
    await shadowed(world, driver)
    world.serving.monitor = compared("1.1.0", dropped=100)
    await driver.settle()
    assert driver.says("InferenceService", "svc", "ShadowHealthy") == ("False", "CandidateDropping")


async def test_a_still_newer_version_takes_the_candidates_place(world, driver):
    await shadowed(world, driver)
    world.cluster.add(model_version("1.2.0"))
    await driver.settle()
    assert status(driver)["shadow"]["version"] == "1.2.0"
    assert channel(driver, "1.1.0") == "Candidate"
