import asyncio
import shutil
import tempfile
import threading
from pathlib import Path

import pytest

from tests.serving.service import Service
from tests.support.detectors import make_interpreter
from tests.support.models import make_version
from tests.support.ray_head import RayHead


@pytest.fixture(scope="package")
def head():
    """A Ray head; its folder has a short path, as it holds sockets."""
    folder = Path(tempfile.mkdtemp(prefix="tt-"))
    head = RayHead(folder, TRIMTAB_DETECTOR_PYTHON=str(make_interpreter(folder / "detector")))
    head.start()
    yield head
    head.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def versions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("versions")
    return {version: make_version(folder, version) for version in ("1.0.0", "1.1.0")}


@pytest.fixture(scope="package")
def loop():
    """An event loop that lives as long as the head, for the adapter's connections."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="package")
def service(head, loop, tmp_path_factory):
    """One deployed service, which each test gives the plan it needs."""
    service = Service(head, loop, tmp_path_factory.mktemp("state"))
    yield service
    service.close()
