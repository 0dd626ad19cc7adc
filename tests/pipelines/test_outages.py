"""What goes away by itself: a run says that it may be tried again, and the next attempt succeeds, once."""

import asyncio
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse

import pytest

from tests.support.waiting import until_async
from trimtab.adapters.pipelines.local import LocalPipelines

pytestmark = pytest.mark.timeout(300)  # two whole runs in a test, on a machine that may be busy

SMALL_DISK = "mount -t tmpfs -o size=4k none {snapshots} && exec {python} "
NEW_NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


class Line:
    """The way to MLflow: an address that can be cut off, and joined again."""

    def __init__(self, url):
        self._target = urlparse(url)
        self._server = None
        self._port = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}"

    async def join(self):
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self):
        self._server.close()

    async def _carry(self, reader, writer):
        theirs, ours = await asyncio.open_connection(self._target.hostname, self._target.port)
        await asyncio.gather(self._pump(reader, ours), self._pump(theirs, writer), return_exceptions=True)

    async def _pump(self, source, sink):
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        finally:
            sink.close()


@pytest.fixture
async def line(mlflow_url):
    line = Line(mlflow_url)
    await line.join()
    yield line
    await line.cut()


@pytest.fixture
def runs_over_line(line, engine_for, runs_by):
    return runs_by(engine_for(line.url))


async def test_mlflow_that_goes_away_during_training_costs_an_attempt_and_no_second_version(
    line, runs_over_line, client, tmp_path, key_of
):
    runs = runs_over_line
    began, go_on = tmp_path / "began", tmp_path / "go_on"
    hyperparameters = {"began": str(began), "go_on": str(go_on)}
    request = runs.request("outage", function="patient", hyperparameters=hyperparameters)
    await runs.engine.start(key_of(request), request)
    await until_async(began.exists, "the training begins", patience=100)
    await line.cut()
    go_on.touch()
    failure = (await runs.over(key_of(request))).failure
    assert (failure.step, failure.reason, failure.retryable) == ("register", "TrackingUnavailable", True)

    await line.join()
    second = await runs.end_of(request, attempt=1)
    assert (second.phase, second.report.mlflow_version) == ("Succeeded", 1)
    assert len(client.search_model_versions("name = 'team.outage'")) == 1


async def test_a_full_disk_costs_an_attempt_and_nothing_else(runs_by, small_disk, roomy_disk):
    full = runs_by(small_disk)
    state = await full.end_of(full.request("full"))
    assert (state.failure.step, state.failure.reason, state.failure.retryable) == ("snapshot", "DiskFull", True)
    assert "No space left on device" in state.failure.message
    assert state.report.data is None

    emptied = runs_by(roomy_disk)
    assert (await emptied.end_of(emptied.request("full"), attempt=1)).phase == "Succeeded"


@pytest.fixture
def roomy_disk(engine_for, mlflow_url):
    return engine_for(mlflow_url)


@pytest.fixture
def small_disk(roomy_disk, tmp_path, mlflow_url):
    """The same state folder, with a file system of 4 kB where the snapshots go."""
    if subprocess.run([*NEW_NAMESPACE, "true"], check=False, capture_output=True).returncode:
        pytest.skip(
            "a small file system needs user namespaces; tests/runtime_unit/data/test_store.py limits files instead"
        )
    snapshots_of(roomy_disk).mkdir()
    program = tmp_path / "python-on-a-small-disk"
    script = SMALL_DISK.format(snapshots=snapshots_of(roomy_disk), python=sys.executable)
    program.write_text(f'#!/bin/sh\nexec {" ".join(NEW_NAMESPACE)} sh -c \'{script} "$@"\' sh "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return LocalPipelines(program, snapshots_of(roomy_disk).parent, {"MLFLOW_TRACKING_URI": mlflow_url})


def snapshots_of(engine) -> Path:
    return engine.state_dir / "snapshots"
