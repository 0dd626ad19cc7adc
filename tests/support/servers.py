"""Servers that tests run beside themselves, on free ports of the loopback interface, and end again."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support import gotools

PATIENCE = 100.0  # seconds a server may take on a busy machine
ROOT = Path(__file__).resolve().parents[2]
RUNTIME_PYTHON = ROOT / ".venv" / "runtime" / "bin" / "python"
ACCESS_KEY, SECRET_KEY, REGION = "trimtab", "only-for-tests", "us-east-1"


@dataclass(frozen=True)
class ObjectStore:
    """A real S3 server over a folder: a folder below it is a bucket, a file below that an object."""

    url: str
    folder: Path

    @property
    def env(self) -> dict[str, str]:
        """How a client reaches it."""
        keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": REGION}
        return {**keys, "AWS_ENDPOINT_URL": self.url}

    def bucket(self, name: str) -> Path:
        """Make a bucket."""
        place = self.folder / name
        place.mkdir(exist_ok=True)
        return place


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """An S3 server whose objects lie in a folder."""
    port = free_port()
    keys = (f"--access={ACCESS_KEY}", f"--secret={SECRET_KEY}", f"--region={REGION}")
    command = (str(gotools.binary("versitygw")), *keys, f"--port=127.0.0.1:{port}", "--health=/health", "posix")
    objects = folder / "objects"
    objects.mkdir()
    with _running((*command, str(objects)), {}, folder / "s3.log", f"http://127.0.0.1:{port}/health"):
        yield ObjectStore(f"http://127.0.0.1:{port}", objects)


@contextmanager
def mlflow(python: Path, folder: Path, *, proxied: bool = False) -> Iterator[str]:
    """An MLflow server; yields its address. `proxied`: clients send files to it instead of writing them themselves."""
    port = free_port()
    artifacts = (folder / "artifacts").as_uri()
    how = [f"--artifacts-destination={artifacts}"] if proxied else ["--no-serve-artifacts"]
    root = [] if proxied else [f"--default-artifact-root={artifacts}"]
    command = [str(python), "-m", "mlflow", "server", "--host=127.0.0.1", f"--port={port}", "--workers=1"]
    command += [f"--backend-store-uri=sqlite:///{folder}/mlflow.db", *how, *root]
    url = f"http://127.0.0.1:{port}"
    with _running(command, {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}, folder / "mlflow.log", f"{url}/health"):
        yield url


@contextmanager
def kubeflow(python: Path, folder: Path, secrets: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """The stand-in for a KFP API server; yields its address. `secrets`: those of the namespace its pods run in."""
    port = free_port()
    (folder / "secrets.json").write_text(json.dumps(secrets))
    command = [str(python), "-m", "tests.support.kfp_server", str(port), str(folder)]
    url = f"http://127.0.0.1:{port}"
    with _running(command, {"PYTHONPATH": str(ROOT)}, folder / "kfp.log", f"{url}/apis/v2beta1/healthz"):
        yield url


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: Sequence[str], env: Mapping[str, str], log: Path, health: str) -> Iterator[None]:
    with log.open("wb") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, **env}, start_new_session=True)
    try:
        _wait(server, health, log)
        yield
    finally:
        _end(server)


def _end(server: "subprocess.Popen[bytes]") -> None:
    """Let it end what it started itself; then whatever is left of it."""
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(timeout=10)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _wait(server: "subprocess.Popen[bytes]", health: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not _answers(health):
        if server.poll() is not None or time.monotonic() > end:
            pytest.fail(f"{server.args} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.2)


def _answers(url: str) -> bool:
    with suppress(OSError), urlopen(url, timeout=5) as answer:  # noqa: S310  # our own address
        return bool(answer.status == 200)
    return False
