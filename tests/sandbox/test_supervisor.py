"""Starting, keeping and stopping parts; the parts here are small real servers."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from trimtab.sandbox import network, processes
from trimtab.sandbox.errors import PartFailed
from trimtab.sandbox.layout import Layout
from trimtab.sandbox.part import Part, Probe, Step
from trimtab.sandbox.supervisor import Phase, Supervisor

CRASHES = "import sys; print('one last word'); sys.exit(3)"
# Starts a child in a session of its own, as the operator does with a training run, then serves.
PARENT = """
import subprocess, sys, http.server
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
FICKLE = (
    """
import os
if not os.path.exists("{sign}"):
    os.mkdir("{sign}")
    raise SystemExit(1)
"""
    + PARENT
)
STUBBORN = """
import signal, sys, http.server
signal.signal(signal.SIGTERM, signal.SIG_IGN)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


@pytest.fixture
def layout(tmp_path):
    layout = Layout.at(tmp_path / "state")
    layout.prepare()
    yield layout
    layout.ray_temp.rmdir()


@pytest.fixture
async def supervisor(layout):
    supervisor = Supervisor(layout)
    yield supervisor
    await supervisor.down({})


@pytest.fixture
def reports():
    return []


@pytest.fixture
def report(reports):
    return lambda name, phase: reports.append((name, phase))


@pytest.fixture
def port(layout):
    return network.choose(layout.addresses).mlflow


def serving(port, name="web", code=PARENT, after=()):
    command = (sys.executable, "-c", code, str(port))
    return Part(name, command, probes=(Probe(f"http://127.0.0.1:{port}/"),), after=after, patience=20)


def running(supervisor, part):
    return processes.marked(f"{supervisor.layout.state}:{part}")


async def test_a_part_is_up_when_it_answers(supervisor, report, reports, port):
    web = serving(port)
    await supervisor.up([web], report)
    assert reports == [("web", Phase.STARTING), ("web", Phase.WELL)]
    assert (await supervisor.look(web)).state == "healthy"


async def test_starting_twice_is_harmless(supervisor, report, reports, port):
    web = serving(port)
    await supervisor.up([web], report)
    first = supervisor.ledger.find("web")
    await supervisor.up([web], report)
    assert reports[-1] == ("web", Phase.KEPT)
    assert supervisor.ledger.find("web") == first


async def test_a_dead_part_is_started_anew(supervisor, report, port):
    web = serving(port)
    await supervisor.up([web], report)
    first = supervisor.ledger.find("web")
    os.kill(first.pid, signal.SIGKILL)
    while processes.alive(first):
        time.sleep(0.01)  # noqa: ASYNC251 - nothing else runs in this test's loop
    assert (await supervisor.look(web)).state == "crashed"
    await supervisor.up([web], report)
    assert (await supervisor.look(web)).state == "healthy"
    assert supervisor.ledger.find("web") != first


async def test_what_a_part_put_into_a_session_of_its_own_survives_its_restart_and_not_its_end(supervisor, report, port):
    web = serving(port)
    await supervisor.up([web], report)
    leader = supervisor.ledger.find("web")
    (child,) = running(supervisor, "web") - {leader}
    os.kill(leader.pid, signal.SIGSTOP)  # alive, and answers no more
    await supervisor.up([web], report)
    assert not processes.alive(leader)
    assert processes.alive(child)
    await supervisor.down({})
    assert running(supervisor, "web") == set()


async def test_a_part_that_crashed_is_named_with_the_last_lines_of_its_log(supervisor, report, reports, port):
    broken = serving(port, "broken", CRASHES)
    with pytest.raises(PartFailed, match=r"broken: crashed\n  \| one last word"):
        await supervisor.up([broken], report)
    assert reports[-1] == ("broken", Phase.FAILED)


async def test_a_part_that_may_fail_once_is_started_again(supervisor, report, port, tmp_path):
    fickle = replace(serving(port, code=FICKLE.format(sign=tmp_path / "been-here")), attempts=2)
    await supervisor.up([fickle], report)
    assert (await supervisor.look(fickle)).state == "healthy"


async def test_a_program_that_is_not_there_is_named(supervisor, report):
    with pytest.raises(PartFailed, match="ghost: could not be started"):
        await supervisor.up([Part("ghost", ("/nowhere/ghost",), probes=())], report)


async def test_a_part_starts_when_what_it_stands_on_is_well(supervisor, report, reports, port):
    async def nothing():
        pass

    upper = Step("upper", nothing, after=("lower",))
    await supervisor.up([upper, serving(port, "lower")], report)
    assert reports.index(("upper", Phase.STARTING)) > reports.index(("lower", Phase.WELL))


async def test_what_stands_on_a_failed_part_is_not_started(supervisor, report, reports, port):
    async def nothing():
        pass

    with pytest.raises(PartFailed, match="broken"):
        await supervisor.up([Step("upper", nothing, after=("broken",)), serving(port, "broken", CRASHES)], report)
    assert "upper" not in dict(reports)


async def test_a_part_that_ignores_the_request_to_end_is_killed(supervisor, report, port):
    await supervisor.up([serving(port, "stubborn", STUBBORN)], report)
    leader = supervisor.ledger.find("stubborn")
    await processes.end({leader}, patience=0.2)
    assert not processes.alive(leader)


async def test_a_process_that_got_a_parts_old_pid_is_left_alone(supervisor):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)  # noqa: ASYNC220 - it only has to exist
    try:
        supervisor.ledger.record("web", processes.Process(stranger.pid, started=1))
        assert await supervisor.down({}) == ["web"]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_settings_of_the_users_shell_do_not_reach_a_part(supervisor, report, port, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "elsewhere")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "elsewhere")
    tells = "import os; print(sorted(n for n in os.environ if n.startswith(('RAY_', 'MLFLOW_')))); raise SystemExit(1)"
    with pytest.raises(PartFailed, match=r"\| \[\]"):
        await supervisor.up([serving(port, "tells", tells)], report)
