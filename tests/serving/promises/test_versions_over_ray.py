import asyncio
import os
import signal

from tests.support.models import draw, make_plan

CLIENTS = 4


async def _ask_until(stopped: asyncio.Event, service, answers: list) -> None:
    columns, _ = draw(4)
    while not stopped.is_set():
        status, answer = await service.infer(columns)
        answers.append((status, answer.get("model_version", answer)))


async def test_a_promotion_under_load_loses_no_request(service, versions):
    await service.serve(make_plan(versions["1.0.0"], versions["1.1.0"]))
    stopped, answers = asyncio.Event(), []
    async with asyncio.timeout(60), asyncio.TaskGroup() as clients:
        for _ in range(CLIENTS):
            clients.create_task(_ask_until(stopped, service, answers))
        await asyncio.sleep(1)
        await service.serve(make_plan(versions["1.1.0"]))
        await asyncio.sleep(1)
        stopped.set()
    assert set(answers) == {(200, "1.0.0"), (200, "1.1.0")}
    assert answers[-1] == (200, "1.1.0")


async def test_a_candidate_that_cannot_be_loaded_costs_the_champion_nothing(service, versions):
    good = versions["1.1.0"]
    nowhere = good.artifact.model_copy(update={"uri": f"{good.artifact.uri}.gone"})
    bad = good.model_copy(update={"artifact": nowhere})
    report = await service.serve(make_plan(versions["1.0.0"], bad))
    assert report.candidate.version is None
    assert "1.1.0.onnx.gone" in report.candidate.error
    assert (report.champion.version, report.champion.error) == ("1.0.0", None)
    answers = [await service.infer(draw(4)[0]) for _ in range(10)]
    assert {(status, answer["model_version"]) for status, answer in answers} == {(200, "1.0.0")}


async def _live(service, days) -> None:
    """Let days pass: each closes the one before."""
    for day in days:
        status, _ = await service.infer(draw(50, seed=day)[0], id=f"day-{day}", parameters={"day": day})
        assert status == 200


async def test_a_monitor_that_is_killed_forgets_no_window(service, versions):
    await service.serve(make_plan(versions["1.0.0"]))
    await _live(service, range(1, 6))
    await service.report_when(lambda report: report.drift.windows == 4)
    killed = await service.monitor_pid()
    os.kill(killed, signal.SIGKILL)
    await _live(service, range(6, 9))
    await service.report_when(lambda report: report.drift.windows == 7)
    assert await service.monitor_pid() != killed
