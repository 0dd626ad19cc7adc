"""A Ray head of one's own: free ports, token authentication, ended with all it started."""

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[2]
WORKERS, TRIES = 60, 3
PORTS = (
    *("port", "dashboard-port", "ray-client-server-port", "object-manager-port", "node-manager-port"),
    *("dashboard-agent-listen-port", "dashboard-agent-grpc-port", "runtime-env-agent-port", "metrics-export-port"),
)


class RayHead:
    """One node, at the same ports however often it is started. `folder` needs a short path: Ray keeps sockets there."""

    def __init__(self, folder: Path, python: Path = Path(sys.executable), **environment: str) -> None:
        first = _free_block(WORKERS + 12)
        self.ports = {name: first + at for at, name in enumerate(PORTS)}
        self.dashboard, self.serve, self._first = self.ports["dashboard-port"], first + 9, first
        self.folder, self.log, self.token = folder, folder / "head.log", secrets.token_hex(16)
        self._python, self._given = str(python), environment
        self._process: subprocess.Popen | None = None

    @property
    def dashboard_url(self) -> str:
        return f"http://{HOST}:{self.dashboard}"

    @property
    def serve_url(self) -> str:
        return f"http://{HOST}:{self.serve}"

    def start(self) -> None:
        """Start, and wait until the node has joined; Ray gives up after 30 s, so a busy machine gets three tries."""
        for _ in range(TRIES):
            self._launch()
            if _wait_until(lambda: self._ended() or _has_joined(self), 90) and not self._ended():
                return
            self.stop()
        raise RuntimeError(f"Ray did not start:\n{self.log.read_text()[-3000:]}")

    def _launch(self) -> None:
        workers = {"min-worker-port": self._first + 12, "max-worker-port": self._first + 12 + WORKERS - 1}
        node = {"node-ip-address": HOST, "dashboard-host": HOST, "num-cpus": 8, "temp-dir": self.folder}
        settings = {**self.ports, **workers, **node}
        command = [self._python, "-m", "ray.scripts.scripts", "start", "--head", "--block", "--disable-usage-stats"]
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                [*command, *(f"--{name}={value}" for name, value in settings.items())],
                env=_environment(self.token, self._first) | self._given,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _ended(self) -> bool:
        return self._process.poll() is not None

    def stop(self) -> None:
        """End the head and everything it started, and wait until all is gone; workers have groups of their own."""
        _signal(self._process.pid, signal.SIGTERM)
        if not _wait_until(lambda: self._ended() and not self._processes(), 15):
            for pid in self._processes():
                _signal(pid, signal.SIGKILL)
            _wait_until(lambda: self._ended() and not self._processes(), 15)

    def _processes(self) -> list[int]:
        """Processes that hold this head's token."""
        return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if self.token in _read(path)]

    def kill(self, pid: int) -> None:
        """Kill one process of this head's, as the kernel would when memory is short."""
        os.kill(pid, signal.SIGKILL)


def _environment(token: str, first: int) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'operator'}:{ROOT}",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": token,
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0",
        "RAY_SERVE_RUN_USER_CODE_IN_SEPARATE_THREAD": "0",
        "AUTOSCALER_METRIC_PORT": str(first + 10),
        "DASHBOARD_METRIC_PORT": str(first + 11),
    }


def _has_joined(head: RayHead) -> bool:
    """Whether dashboard and node answer; the node joins last."""
    agent = head.ports["dashboard-agent-listen-port"]
    return _answers(head, head.dashboard, "/api/version") and _answers(head, agent, "/api/local_raylet_healthz")


def _answers(head: RayHead, port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {head.token}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (http.client.HTTPException, OSError):
        return False
    finally:
        connection.close()


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="ignore")
    except OSError:  # it ended, or is another user's
        return ""


def _wait_until(done, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.2)
    return False


def _free_block(size: int) -> int:
    start = 20000 + secrets.randbelow(100) * 100
    for first in range(start, 32000, 100):
        if all(_is_free(port) for port in range(first, first + size)):
            return first
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
        return True
