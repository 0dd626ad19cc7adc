"""Real alibi-detect: the release that is installed for it, and the one the benchmarks measure; and the fake."""

from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.detectors import FakeDetector
from trimtab.serving.detector.program import Program

CHECKOUT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = {"0.11.4": "detector", "0.13.0": "peers"}
FAKE = "fake"


@pytest_asyncio.fixture(loop_scope="session", scope="session", params=[FAKE, *ENVIRONMENTS])
async def program(request):
    """A worker of the release; its imports take seconds, so all tests ask the same one."""
    if request.param == FAKE:
        yield FakeDetector()
        return
    name = ENVIRONMENTS[request.param]
    if not (CHECKOUT / ".venv" / name / ".ready").exists():
        pytest.skip(f"there is no environment: make .venv/{name}/.ready")
    program = Program(CHECKOUT / ".venv" / name / "bin" / "python")
    yield program
    await program.end()
