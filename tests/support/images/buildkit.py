"""A BuildKit daemon for one build; what it has built is kept, so the next build only does what has changed."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import gotools
from tests.support.images.keep import alone
from trimtab.sandbox.programs import cache

_PATIENCE = 30.0
_WITH_US = ("setpriv", "--pdeathsig", "TERM")  # a daemon that outlives a killed test would hold its folder for ever
_CONFIG = """
root = "{root}"
[grpc]
address = ["{address}"]
[worker.oci]
enabled = true
binary = "{runc}"
snapshotter = "overlayfs"
networkMode = "host"
gc = true
maxUsedSpace = "10GB"
[worker.containerd]
enabled = false
"""


class BuildFailed(Exception):  # noqa: N818 - reads as what it says
    """A step of the Dockerfile failed, or the daemon did not start; the text ends with the last lines."""


@contextmanager
def daemon() -> Iterator[str]:
    """The address of a running daemon; one at a time on a machine.

    Raises: BuildFailed, when it does not start.
    """
    root = cache() / "images" / gotools.TOOLS["buildkitd"].folder
    with alone(root), tempfile.TemporaryDirectory(prefix="tt-buildkit-") as folder:
        address = f"unix://{folder}/socket"
        config, log = Path(folder) / "buildkitd.toml", Path(folder) / "log"
        config.write_text(_CONFIG.format(root=root, address=address, runc=gotools.binary("runc")))
        with log.open("w") as output:
            command = [*_WITH_US, str(gotools.binary("buildkitd")), "--config", str(config)]
            process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            _wait(process, address, log)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE)


def solve(address: str, arguments: list[str]) -> None:
    """Run one build.

    Raises: BuildFailed, with the step's last lines.
    """
    done = _client(address, "build", "--progress", "plain", *arguments)
    if done.returncode:
        raise BuildFailed(done.stderr[-4000:])


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while _client(address, "debug", "workers").returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise BuildFailed(f"buildkitd did not start\n{log.read_text()[-2000:]}")
        time.sleep(0.2)


def _client(address: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [str(gotools.binary("buildctl")), "--addr", address, *arguments]
    return subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
