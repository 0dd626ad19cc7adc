"""The whole stack at once."""

import http.client
import subprocess
import urllib.parse
from http import HTTPStatus
from pathlib import Path

import pytest

from trimtab.sandbox import processes

LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F"}  # as /proc/net/tcp and tcp6 write 127.0.0.1
LISTENING = "0A"


def listening_beyond_loopback(pids):
    """The addresses, as the kernel writes them, on which these processes can be reached from elsewhere."""
    sockets = {target.removeprefix("socket:[").rstrip("]") for pid in pids for target in open_files(pid)}
    rows = [line.split() for file in ("tcp", "tcp6") for line in Path("/proc/net", file).read_text().splitlines()[1:]]
    return [
        row[1] for row in rows if row[3] == LISTENING and row[9] in sockets and row[1].split(":")[0] not in LOOPBACK
    ]


def open_files(pid):
    try:
        return [str(link.readlink()) for link in Path("/proc", str(pid), "fd").iterdir()]
    except OSError:  # it has just ended
        return []


def status_of(url, **headers):
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    connection.request("GET", address.path, headers=headers)
    return connection.getresponse().status


@pytest.mark.timeout(300)
def test_the_whole_stack_is_up_well_guarded_and_gone_again(trimtab):
    trimtab("up")
    parts = trimtab.parts()
    assert {part["state"] for part in parts.values()} == {"healthy"}

    leaders = {processes.Process(part["pid"], processes.started(part["pid"])) for part in parts.values()}
    everything = processes.descendants(leaders)
    assert listening_beyond_loopback(process.pid for process in everything) == []

    dashboard = f"{parts['ray']['url']}/api/version"
    token = Path(trimtab.environment()["RAY_AUTH_TOKEN_PATH"]).read_text()
    assert status_of(dashboard) == HTTPStatus.UNAUTHORIZED
    assert status_of(dashboard, Authorization=f"Bearer {token}") == HTTPStatus.OK

    subprocess.run(["kubectl", "get", "trun,mver,infsvc", "-A"], check=True, env=trimtab.environment())

    trimtab("down")
    assert [process for process in everything if processes.alive(process)] == []
