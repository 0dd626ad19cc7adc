"""Inputs tested by a real detector: requests go in by the endpoint, its verdict comes out of the monitor."""

import asyncio

import pytest
import pytest_asyncio

from tests.runtime_unit.serving.plane import Plane
from tests.support.models import make_plan, make_version
from trimtab.api.inferenceservice import Monitoring, Window
from trimtab.api.monitoring import DataMonitoring

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def told(plane, windows):
    """What the monitor says once so many windows were tested."""
    while (report := await plane.report()).drift.windows < windows:
        assert report.detector_error is None
        await asyncio.sleep(0.1)
    return report


@pytest_asyncio.fixture(loop_scope="session")
async def plane(program, tmp_path):
    """A plane whose inputs are tested by a real detector."""
    data = DataMonitoring(detector="KSDrift")
    monitoring = Monitoring(window=Window(parameter="day"), data=data, concept=None, false_alarm_rate=0.05)
    plane = Plane(tmp_path / "monitor.sqlite", detector=program)
    await plane.apply(make_plan(make_version(tmp_path, "1.0.0"), monitoring=monitoring))
    yield plane
    await plane.close()
    del plane.monitor  # it ends the worker with itself


async def test_a_shift_of_the_inputs_is_seen_and_told_with_release_and_licence(plane, program):
    await plane.live(range(1, 5), labelled=False)
    assert (await told(plane, 3)).drift.verdict == "Stable"
    await plane.live(range(5, 12), shift=2.0, labelled=False)
    drift = (await told(plane, 10)).drift
    assert (drift.verdict, int(drift.since)) == ("DataDrift", 5)
    assert drift.detector.startswith(f"KSDrift of alibi-detect {program.version} (")
