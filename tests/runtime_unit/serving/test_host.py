import asyncio
import json

import numpy as np
import pytest

from tests.support.models import draw, make_plan, request_for

INFER = "/v2/models/flights/infer"


async def test_an_answer_names_the_version_that_gave_it(plane, versions):
    columns, _ = draw(2)
    assert (await plane.infer(columns))[1]["model_version"] == "1.0.0"
    await plane.apply(make_plan(versions["1.1.0"]))
    assert (await plane.infer(columns))[1]["model_version"] == "1.1.0"


async def test_before_a_version_is_loaded_nothing_is_ready(plane, versions):
    lost = versions["1.0.0"].artifact.model_copy(update={"uri": "file:///nowhere.onnx"})
    bare = type(plane)(plane.file.with_name("other.sqlite"))
    await bare.apply(make_plan(versions["1.0.0"].model_copy(update={"artifact": lost})))
    assert (await bare.call("GET", "/v2/health/ready"))[0] == 503
    assert (await bare.call("GET", "/v2/health/live"))[0] == 200
    status, body = await bare.infer(draw(2)[0])
    assert (status, body["error"][:40]) == (503, "no version is loaded: cannot read 'file:")
    report = await bare.report()
    assert (report.champion.version, report.champion.error[:12]) == (None, "cannot read ")
    await bare.host.reconfigure(plane.plan.wire())
    await bare.close()


async def test_a_bad_champion_leaves_the_old_one_answering_and_is_reported(plane, versions):
    changed = versions["1.1.0"].artifact.model_copy(update={"digest": "sha256:" + "0" * 64})
    await plane.apply(make_plan(versions["1.1.0"].model_copy(update={"artifact": changed})))
    assert (await plane.infer(draw(2)[0]))[1]["model_version"] == "1.0.0"
    champion = (await plane.report()).champion
    assert champion.version == "1.0.0"
    assert "the file was changed" in champion.error
    await plane.apply(make_plan(versions["1.0.0"]))
    assert (await plane.report()).champion.error is None


async def test_a_promotion_drops_no_request(plane, versions):
    columns, _ = draw(5)
    seen = []

    async def load():
        while seen[-1:] != ["1.1.0"]:
            status, body = await plane.infer(columns)
            assert status == 200
            seen.append(body["model_version"])
            await asyncio.sleep(0)

    users = [asyncio.create_task(load()) for _ in range(4)]
    await asyncio.sleep(0)
    await plane.apply(make_plan(versions["1.1.0"]))
    await asyncio.gather(*users)
    assert set(seen) == {"1.0.0", "1.1.0"}


async def test_labels_are_not_accepted_while_the_monitor_is_away(plane):
    away, plane.monitor = plane.monitor, None
    assert await plane.label("a", [1]) == 503
    assert (await plane.call("GET", "/monitor"))[0] == 503
    assert (await plane.infer(draw(2)[0], parameters={"day": 1}))[0] == 200
    plane.monitor = away


async def test_what_was_seen_while_the_monitor_was_away_is_told_later(plane):
    away, plane.monitor = plane.monitor, None
    await plane.infer(draw(100)[0], id="a", parameters={"day": 1})
    await asyncio.sleep(0.2)
    plane.monitor = away
    await plane.settle()
    await plane.live([2])
    assert (await plane.report()).drift.windows == 1


@pytest.mark.parametrize("fault", ["dead", "raising"])
async def test_a_broken_shadow_costs_the_champion_nothing(plane, versions, fault):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
    plane.shadow = None if fault == "dead" else Broken()
    for day in range(3):
        assert (await plane.infer(draw(100)[0], id=f"{day}", parameters={"day": day}))[0] == 200
    await plane.settle()
    report = await plane.report()
    assert (report.champion.error, report.drift.windows) == (None, 2)
    assert (report.comparison.requests, report.comparison.dropped) == (0, 300)
    assert report.candidate.error == "the candidate's replica does not answer"


async def test_a_candidate_that_fails_on_one_request_answers_the_others(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
    good = {name: values.reshape(-1, 1) for name, values in draw(3)[0].items()}
    bad = {**good, "delay": np.zeros((3, 2), dtype=np.float32)}
    shadowed = await plane.shadow.answer([good, bad, good])
    assert [answer is not None for answer in shadowed.answers] == [True, False, True]


async def test_a_champion_that_fails_on_a_request_is_an_error_of_the_champion(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
    request = request_for(draw(3)[0], id="a", parameters={"day": 1})
    request["inputs"][0]["data"] = [None] * 3
    status, _, body = await plane.call("POST", INFER, request)
    await plane.settle()
    assert (status, json.loads(body)["id"]) == (200, "a")
    assert (await plane.report()).comparison.requests == 3


class Broken:
    async def answer(self, _requests):
        raise RuntimeError("broken")

    async def health(self):
        raise RuntimeError("broken")
