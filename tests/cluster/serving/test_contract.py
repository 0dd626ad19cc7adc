"""The port `Serving`: every engine keeps the same promises, with real versions in a real Ray Serve."""

import pytest

from trimtab.errors import Retry

pytestmark = pytest.mark.timeout(600)  # deployments, on a machine that may be busy


async def test_what_was_never_put_in_place_is_not_found_and_removed_without_complaint(bench):
    assert await bench.engine.find(bench.namespace, "svc") is None
    assert await bench.engine.report(bench.namespace, "svc") is None
    await bench.engine.remove(bench.namespace, "svc")


async def test_a_plan_is_put_in_place_once_and_found_by_another_operator(bench):
    plan = bench.plan("1.0.0")
    await bench.serves(plan)
    deployed = bench.deployed_at()
    await bench.engine.apply(plan)
    await bench.hands.settle()
    found = await bench.hands.make().find(bench.namespace, "svc")
    assert (found.plan, found.phase, found.reason, found.outdated) == (plan, "Running", "", False)
    assert found.url.endswith(f"/{bench.namespace}/svc")
    assert bench.deployed_at() == deployed


async def test_a_version_is_reported_only_when_it_is_the_one_that_answers(bench):
    await bench.serves(bench.plan("1.0.0"))
    assert await bench.answers_as() == "1.0.0"
    newer = bench.plan("1.1.0")
    await bench.engine.apply(newer)
    assert (await bench.engine.find(bench.namespace, "svc")).plan == newer
    await bench.until(lambda: bench.is_served(newer))
    assert await bench.answers_as() == "1.1.0"


async def test_a_candidate_comes_beside_the_champion_and_goes(bench):
    await bench.serves(bench.plan("1.0.0", "1.1.0"))

    async def compared():
        report = await bench.engine.report(bench.namespace, "svc")
        return report and report.candidate.version == "1.1.0" and report.comparison

    assert (await bench.until(compared)).version == "1.1.0"
    assert await bench.answers_as() == "1.0.0"
    await bench.serves(bench.plan("1.0.0"))

    async def alone():
        report = await bench.engine.report(bench.namespace, "svc")
        return report and report.candidate.version is None and report.comparison is None

    assert await bench.until(alone)


async def test_a_version_that_cannot_be_loaded_is_told_and_the_one_before_answers_on(bench):
    await bench.serves(bench.plan("1.0.0"))
    sound = bench.versions["1.1.0"]
    changed = sound.artifact.model_copy(update={"digest": "sha256:" + "0" * 64})
    await bench.engine.apply(bench.plan(sound.model_copy(update={"artifact": changed})))

    async def told():
        report = await bench.engine.report(bench.namespace, "svc")
        return report and report.champion.error and report.champion

    champion = await bench.until(told)
    assert "the file was changed" in champion.error
    assert champion.version == "1.0.0"
    assert await bench.answers_as() == "1.0.0"


async def test_what_was_taken_away_is_gone_and_another_service_serves_on(bench):
    other = bench.plan("1.1.0", name="other")
    await bench.serves(bench.plan("1.0.0"))
    await bench.serves(other)
    for _ in range(2):
        await bench.engine.remove(bench.namespace, "svc")

    async def gone():
        found = await bench.engine.find(bench.namespace, "svc")
        return found is None and await bench.engine.report(bench.namespace, "svc") is None

    assert await bench.until(gone)
    assert await bench.answers_as("other") == "1.1.0"
    await bench.until(lambda: bench.is_served(other))  # Serve was told of all again, and may look it over


async def test_what_somebody_changed_is_outdated_until_it_is_put_right(bench):
    plan = bench.plan("1.0.0")
    await bench.serves(plan)
    bench.hands.spoil("svc")
    found = await bench.engine.find(bench.namespace, "svc")
    assert (found.plan, found.outdated) == (plan, True)
    await bench.serves(plan)
    assert not (await bench.engine.find(bench.namespace, "svc")).outdated


async def test_another_side_that_does_not_answer_is_tried_again_later(bench):
    engine = bench.hands.away()
    for call in (
        lambda: engine.find(bench.namespace, "svc"),
        lambda: engine.apply(bench.plan("1.0.0")),
        lambda: engine.remove(bench.namespace, "svc"),
    ):
        with pytest.raises(Retry):
            await call()
    assert await engine.report(bench.namespace, "svc") is None
