"""A ModelVersion: its file, its channel, and what the registry is told."""

from datetime import timedelta

import pytest

from tests.support.fakes import FakeRegistry
from tests.support.objects import DIGEST, NAMESPACE, model_version, service
from trimtab.errors import Refuse
from trimtab.keys import Key

OTHER = "sha256:" + "b" * 64
NAME = "late-1.0.0"


@pytest.fixture
async def version(world, driver):
    world.cluster.add(model_version("1.0.0"))
    await driver.settle()


def says(driver, type_):
    return driver.says("ModelVersion", NAME, type_)


@pytest.mark.usefixtures("version")
async def test_a_version_whose_file_is_right_may_be_served(driver):
    assert says(driver, "ArtifactVerified") == ("True", "ArtifactVerified")
    assert says(driver, "Ready") == ("True", "Servable")
    assert driver.get("ModelVersion", NAME)["status"]["channel"] == "Candidate"


@pytest.mark.usefixtures("version")
async def test_the_registry_is_told_once(world, driver):
    assert world.registry.tags["late", 1]["trimtab.dev/channel"] == "Candidate"
    assert world.registry.aliases == {("late", "v1.0.0"): 1}
    calls = world.registry.calls
    await driver.round()
    assert world.registry.calls == calls


async def test_another_file_than_the_spec_names_is_never_served(world, driver):
    world.artifacts.default = OTHER
    world.cluster.add(model_version("1.0.0"))
    world.cluster.add(service("svc"))
    await driver.settle()
    assert says(driver, "ArtifactVerified") == ("False", "DigestMismatch")
    assert says(driver, "Stalled") == ("True", "DigestMismatch")
    assert driver.says("InferenceService", "svc", "Ready") == ("False", "NoVersionInRange")


@pytest.fixture
async def damaged(world, driver):
    """A version of whose file another one was found; the digests that were taken since."""
    world.artifacts.default = OTHER
    world.cluster.add(model_version("1.0.0"))
    await driver.settle()
    taken, digest = [], world.artifacts.digest

    async def counted(uri):
        taken.append(uri)
        return await digest(uri)

    world.artifacts.digest = counted
    return taken


@pytest.mark.usefixtures("damaged")
async def test_another_file_says_what_it_has_and_what_it_should_have(driver):
    told = driver.condition("ModelVersion", NAME, "Ready")["message"]
    assert told == f"the file has {OTHER}; the spec names {DIGEST}: restore the file"


async def test_a_restored_file_is_noticed_without_reading_it_at_each_change_of_a_service(world, driver, damaged):
    world.artifacts.default = DIGEST
    world.cluster.add(service("svc"))
    for _ in range(9):
        world.clock.step(seconds=30)
        await driver.settle()
    assert (damaged, says(driver, "Stalled")) == ([], ("True", "DigestMismatch"))
    wait = await driver.look(Key("ModelVersion", NAMESPACE, NAME))
    assert wait == timedelta(seconds=30)
    world.clock.step(seconds=30)
    await driver.settle()
    assert says(driver, "Ready") == ("True", "Servable")


async def test_a_missing_file_is_looked_for_again(world, driver):
    world.artifacts.default = None
    world.cluster.add(model_version("1.0.0"))
    await driver.settle()
    assert says(driver, "Ready") == ("False", "ArtifactMissing")
    assert (await driver.look(Key("ModelVersion", NAMESPACE, NAME))) is not None
    world.artifacts.default = DIGEST
    await driver.settle()
    assert says(driver, "Ready") == ("True", "Servable")


@pytest.mark.usefixtures("version")
async def test_a_file_that_was_verified_once_is_not_read_again(world, driver):
    world.artifacts.default = None
    await driver.settle()
    assert says(driver, "ArtifactVerified") == ("True", "ArtifactVerified")


async def test_a_registry_that_is_away_keeps_no_version_from_serving(world, driver):
    world.registry.down = True
    world.cluster.add(model_version("1.0.0"))
    await driver.settle()
    assert says(driver, "Registered") == ("False", "TrackingUnavailable")
    assert says(driver, "Ready") == ("True", "Servable")
    world.registry.down = False
    await driver.settle()
    assert says(driver, "Registered") == ("True", "Registered")
    assert world.registry.aliases == {("late", "v1.0.0"): 1}


async def test_a_version_the_registry_does_not_know_is_told_and_left(world, driver):
    async def unknown(*_):
        raise Refuse("TrackingRefused", "no such version")

    world.registry.label = unknown
    world.cluster.add(model_version("1.0.0"))
    await driver.settle()
    await driver.settle()
    assert says(driver, "Registered") == ("False", "TrackedVersionMissing")
    assert says(driver, "Ready") == ("True", "Servable")


async def test_a_version_imported_by_hand_is_not_told_to_the_registry(world, driver):
    world.cluster.add(model_version("1.0.0", lineage={}))
    await driver.settle()
    assert says(driver, "Registered") == ("True", "NotTracked")
    assert not world.registry.calls


async def test_a_version_refused_at_training_stays_refused(world, driver):
    world.cluster.add(model_version("1.0.0", rejected=True))
    await driver.settle()
    assert says(driver, "Ready") == ("False", "Rejected")
    assert driver.get("ModelVersion", NAME)["status"]["channel"] == "Rejected"


@pytest.mark.usefixtures("version")
async def test_the_services_that_use_a_version_are_named(world, driver):
    world.cluster.add(service("b"))
    world.cluster.add(service("a"))
    await driver.settle()
    status = driver.get("ModelVersion", NAME)["status"]
    assert (status["services"], status["channel"]) == (["a", "b"], "Champion")


@pytest.mark.usefixtures("version")
async def test_a_champion_that_is_served_no_more_is_retired(world, driver):
    world.cluster.add(service("svc"))
    await driver.settle()
    world.cluster.remove(Key("InferenceService", NAMESPACE, "svc"))
    await driver.settle()
    assert driver.get("ModelVersion", NAME)["status"]["channel"] == "Retired"
    assert ("late", "champion") not in world.registry.aliases


async def test_a_version_that_cannot_be_read_stops_nobody(world, driver):
    world.cluster.add(model_version("1.0.0", artifact={"uri": 3}))
    world.cluster.add(model_version("1.0.1"))
    await driver.settle()
    assert driver.says("ModelVersion", "late-1.0.1", "Ready") == ("True", "Servable")


async def test_a_version_that_cannot_be_read_says_which_field_is_at_fault(world, driver):
    world.cluster.add(model_version("1.0.0", artifact={"uri": 3}))
    await driver.settle()
    assert says(driver, "Ready") == ("False", "InvalidSpec")
    assert says(driver, "Stalled") == ("True", "InvalidSpec")
    told = driver.get("ModelVersion", NAME)["status"]["conditions"]
    assert any("spec.artifact" in condition["message"] for condition in told)


class SlowRegistry(FakeRegistry):
    """Takes an alias away in two calls, as MLflow's API has it: between them others are told of their channels."""

    def __init__(self, between):
        super().__init__()
        self._between = between

    async def unalias(self, model, alias, mlflow_version):
        points_here = self.aliases.get((model, alias)) == mlflow_version
        await self._between(alias)
        if points_here:
            del self.aliases[model, alias]


async def promoted(world, driver, **changes):
    """Version 1.0.0 served, then 1.0.1 in its place; neither version has looked since."""
    world.cluster.add(model_version("1.0.0"))
    world.cluster.add(service("svc"))
    await driver.settle()
    world.cluster.add(model_version("1.0.1", **changes))
    service_key = Key("InferenceService", NAMESPACE, "svc")
    world.cluster.objects[service_key]["status"] |= {
        "champion": {"modelVersion": "late-1.0.1", "version": "1.0.1", "since": world.clock.now().isoformat()}
    }


async def test_the_alias_of_a_champion_that_follows_another_is_not_lost_while_both_are_told(world, driver):
    async def successor_is_told(alias):
        if alias == "champion":
            await driver.look(Key("ModelVersion", NAMESPACE, "late-1.0.1"))

    await promoted(world, driver)
    slow = SlowRegistry(successor_is_told)
    slow.aliases = world.registry.aliases
    world.registry = slow
    await driver.look(Key("ModelVersion", NAMESPACE, NAME))
    await driver.look(Key("ModelVersion", NAMESPACE, "late-1.0.1"))
    assert world.registry.aliases["late", "champion"] == 2


async def test_a_version_is_told_of_under_the_name_that_it_was_registered_by(world, driver):
    world.cluster.add(model_version("1.0.0", lineage={"mlflowModel": "ns.late", "mlflowVersion": 7}))
    await driver.settle()
    assert world.registry.aliases == {("ns.late", "v1.0.0"): 7}


async def test_a_champion_registered_under_another_name_takes_no_alias_over(world, driver):
    await promoted(world, driver, lineage={"mlflowModel": "ns.late", "mlflowVersion": 1})
    await driver.look(Key("ModelVersion", NAMESPACE, NAME))
    assert ("late", "champion") not in world.registry.aliases


async def test_a_champion_that_the_registry_does_not_know_takes_no_alias_over(world, driver):
    await promoted(world, driver, lineage={})
    await driver.look(Key("ModelVersion", NAMESPACE, NAME))
    assert ("late", "champion") not in world.registry.aliases
