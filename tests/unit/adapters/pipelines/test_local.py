"""The local engine: a run is its folder; the child is stood in for by a script that behaves as the test needs."""

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from trimtab.adapters.pipelines.local import LocalPipelines
from trimtab.contract.run import RunRequest
from trimtab.errors import Refuse, Retry
from trimtab.keys import RunKey

KEY = RunKey("team", "first-0")
REQUEST = RunRequest.model_validate(
    {
        "namespace": "team",
        "trainingRun": "first",
        "uid": "u-1",
        "spec": {"model": "delay", "data": {"uri": "file:///lake", "target": "y"}, "trainer": {"entrypoint": "a:b"}},
    }
)
PRELUDE = """#!{python}
import fcntl, os, pathlib, sys, time
folder = pathlib.Path(sys.argv[3])
with (folder / "starts").open("a") as starts:
    starts.write("x")
lock = (folder / "run.lock").open("a+")
def hold():
    fcntl.flock(lock, fcntl.LOCK_EX)
    lock.write(str(os.getpid()))
    lock.flush()
def say(state):
    (folder / ".state").write_text(state)
    (folder / ".state").replace(folder / "state.json")
"""
AT_WORK = 'hold()\nsay(\'{"phase": "Running", "step": "train"}\')\ntime.sleep(60)\n'
DONE = 'hold()\nsay(\'{"phase": "Succeeded"}\')\n'


class Bench:
    """Engines over one state folder, whose children are the given script."""

    def __init__(self, folder):
        self.state = folder / "state"
        self.run = self.state / "runs" / KEY.namespace / KEY.name
        self._program = folder / "python"
        self.engine = None

    def child(self, script, **env):
        self._program.write_text(PRELUDE.format(python=sys.executable) + script)
        self._program.chmod(self._program.stat().st_mode | stat.S_IXUSR)
        self.engine = LocalPipelines(self._program, self.state, env)
        return self.engine

    async def reaches(self, wanted):
        async with asyncio.timeout(20):
            while True:
                found = await self.engine.find(KEY)
                if found is not None and wanted(found):
                    return found
                await asyncio.sleep(0.02)


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    yield bench
    if bench.engine is not None:
        await bench.engine.cancel(KEY)


def working(state):
    return state.phase == "Running" and state.step == "train"


def over(state):
    return state.phase != "Running"


async def test_a_run_nobody_started_is_not_there(bench):
    assert await bench.child(DONE).find(KEY) is None


async def test_a_started_run_gets_its_request_and_is_followed(bench):
    await bench.child(AT_WORK).start(KEY, REQUEST)
    await bench.reaches(working)
    assert RunRequest.model_validate_json((bench.run / "request.json").read_text()) == REQUEST


async def test_a_run_that_ended_well_stays_so_and_never_starts_again(bench):
    engine = bench.child(DONE)
    await engine.start(KEY, REQUEST)
    await bench.reaches(over)
    await engine.start(KEY, REQUEST)
    assert (await engine.find(KEY)).phase == "Succeeded"
    assert (bench.run / "starts").read_text() == "x"


async def test_a_second_start_of_a_run_at_work_is_no_second_child(bench):
    engine = bench.child(AT_WORK)
    await engine.start(KEY, REQUEST)
    await engine.start(KEY, REQUEST)
    await bench.reaches(working)
    assert (bench.run / "starts").read_text() == "x"


async def test_a_new_operator_finds_the_run_of_the_old_one(bench):
    await bench.child(AT_WORK).start(KEY, REQUEST)
    await bench.reaches(working)
    successor = bench.child(AT_WORK)
    await successor.start(KEY, REQUEST)
    assert (await successor.find(KEY)).step == "train"
    assert (bench.run / "starts").read_text() == "x"


async def test_a_run_whose_child_was_killed_is_interrupted_and_may_be_tried_again(bench):
    await bench.child(AT_WORK).start(KEY, REQUEST)
    await bench.reaches(working)
    os.kill(int((bench.run / "run.lock").read_text()), 9)
    failure = (await bench.reaches(over)).failure
    assert (failure.reason, failure.step, failure.retryable) == ("Interrupted", "train", True)
    assert "run.log" in failure.message


async def test_a_new_operator_too_sees_that_the_child_was_killed(bench):
    await bench.child(AT_WORK).start(KEY, REQUEST)
    await bench.reaches(working)
    os.kill(int((bench.run / "run.lock").read_text()), 9)
    bench.child(AT_WORK)
    assert (await bench.reaches(over)).failure.reason == "Interrupted"


async def test_a_child_that_dies_before_it_begins_is_interrupted(bench):
    await bench.child("sys.exit(1)\n").start(KEY, REQUEST)
    failure = (await bench.reaches(over)).failure
    assert (failure.reason, failure.step) == ("Interrupted", None)
    assert "before its first step" in failure.message


async def test_a_cancelled_run_ends_and_keeps_what_it_knew(bench):
    engine = bench.child(AT_WORK)
    await engine.start(KEY, REQUEST)
    await bench.reaches(working)
    await engine.cancel(KEY)
    state = await bench.reaches(over)
    assert (state.step, state.failure.message) == ("train", "the run was cancelled in step train")
    await engine.start(KEY, REQUEST)
    assert (bench.run / "starts").read_text() == "x"


async def test_a_run_cancelled_before_it_begins_is_over_for_every_operator(bench):
    engine = bench.child("time.sleep(60)\n")
    await engine.start(KEY, REQUEST)
    await engine.cancel(KEY)
    successor = bench.child("time.sleep(60)\n")
    assert (await successor.find(KEY)).failure.message == "the run was cancelled before its first step"
    child = engine._children[KEY]  # noqa: SLF001  # it never took the lock, so only its handle can end it here
    child.kill()
    child.wait()


async def test_cancelling_a_run_that_is_not_there_is_success_and_leaves_nothing(bench):
    await bench.child(DONE).cancel(KEY)
    assert not bench.run.exists()


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("trainer.image", {"trainer": {"entrypoint": "a:b", "image": "flights"}}),
        ("resources.memory", {"resources": {"memory": "4Gi"}}),
        ("resources.gpu", {"resources": {"gpu": {"nodePool": "a100"}}}),
        ("queueName", {"queueName": "gpu"}),
    ],
)
async def test_what_only_a_cluster_can_do_is_refused_and_not_passed_over(bench, field, asked):
    request = RunRequest.model_validate(REQUEST.wire() | {"spec": REQUEST.spec.wire() | asked})
    with pytest.raises(Refuse, match=f"spec.{field} needs pods") as refused:
        await bench.child(DONE).start(KEY, request)
    assert refused.value.reason == "UnsupportedByEngine"
    assert not bench.run.exists()


async def test_an_interpreter_that_is_not_there_is_worth_another_try(tmp_path):
    engine = LocalPipelines(Path("/nowhere/python"), tmp_path, {})
    with pytest.raises(Retry, match="starts by itself when the cause is gone") as failed:
        await engine.start(KEY, REQUEST)
    assert failed.value.reason == "EngineUnavailable"


async def test_a_child_sees_what_it_is_given_and_no_secret_of_the_operator(bench, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", "/operator/kubeconfig")
    show = '(folder / "seen").write_text(" ".join(sorted(os.environ)))\n' + DONE
    await bench.child(show, MLFLOW_TRACKING_URI="http://mlflow").start(KEY, REQUEST)
    await bench.reaches(over)
    seen = (bench.run / "seen").read_text().split()
    assert "MLFLOW_TRACKING_URI" in seen
    assert "KUBECONFIG" not in seen


async def test_many_runs_are_at_work_at_once(bench):
    engine = bench.child(AT_WORK)
    keys = [RunKey("team", f"run-{number}") for number in range(4)]
    await asyncio.gather(*(engine.start(key, REQUEST) for key in keys))
    try:
        async with asyncio.timeout(20):
            while not all(state and working(state) for state in [await engine.find(key) for key in keys]):
                await asyncio.sleep(0.02)
    finally:
        await asyncio.gather(*(engine.cancel(key) for key in keys))
