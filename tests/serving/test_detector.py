"""A detector of others inside a real replica: its worker is a process of the monitor's."""

import pytest

from tests.support.models import make_plan
from trimtab.api.inferenceservice import Monitoring, Window
from trimtab.api.monitoring import DataMonitoring

pytestmark = pytest.mark.timeout(240)


def test_the_monitors_replica_starts_the_detectors_worker_and_tells_what_it_found(service, versions):
    data = DataMonitoring(detector="KSDrift")
    monitoring = Monitoring(window=Window(parameter="day"), data=data, concept=None)
    service.put(make_plan(versions["1.0.0"], monitoring=monitoring))
    service.live((1, 2, 3))
    report = service.until(lambda: (told := service.report()) and told.drift.verdict == "DataDrift" and told)
    assert report.drift.detector == "KSDrift of alibi-detect 0.11.4 (Apache-2.0)"
    assert report.detector_error is None
