"""Labels whose delay depends on what they say: a window that waits for all of them is not biased by the quick ones."""

import pytest

from tests.runtime_unit.serving.recollection import Recollection
from tests.support.models import make_plan
from trimtab.api.inferenceservice import ConceptMonitoring, Monitoring, Window
from trimtab.api.monitoring import LeftOut

HOUR, DAY = 3600.0, 86400.0
DELAY = 7 * DAY


@pytest.fixture
def memory(tmp_path, versions):
    """One that waits a week for labels, in windows of a day."""
    concept = ConceptMonitoring(label_delay="7d")
    monitoring = Monitoring(window=Window(duration="1d"), concept=concept)
    return Recollection(tmp_path / "m.sqlite", make_plan(versions["1.0.0"], monitoring=monitoring))


@pytest.fixture
def hasty(tmp_path, versions):
    """One that is not told how long labels take."""
    monitoring = Monitoring(window=Window(duration="1d"))
    return Recollection(tmp_path / "h.sqlite", make_plan(versions["1.0.0"], monitoring=monitoring))


def lived(memory, days=10):
    """Days of two requests; the first is labelled a day later, the second after five days."""
    for day in range(days):
        for name in ("quick", "slow"):
            memory.ask(f"{name}-{day}", f"{day:03d}", at=day * DAY)
        memory.label(f"quick-{day - 1}", at=day * DAY + HOUR) if day >= 1 else None
        memory.label(f"slow-{day - 5}", at=day * DAY + HOUR) if day >= 5 else None


def test_a_window_waits_for_slow_labels_as_long_as_is_said(memory, hasty):
    lived(memory)
    lived(hasty)
    assert memory.report().drift.label_coverage == 1.0
    assert hasty.report().drift.label_coverage == 0.5


def test_a_window_is_closed_for_labels_when_its_last_row_is_older_than_the_delay(memory):
    memory.ask("a", "001", at=0.0)
    memory.ask("b", "001", at=HOUR)
    memory.ask("c", "002", at=DAY)
    memory.look(HOUR + DELAY - 1)
    assert memory.label("b", at=HOUR + DELAY - 1).accepted == 1
    memory.look(HOUR + DELAY)
    assert memory.report().drift.label_coverage == 0.5


def test_a_window_that_still_fills_is_never_closed_for_labels(memory):
    memory.ask("a", "001", at=0.0)
    memory.look(2 * DELAY)
    assert memory.label("a", at=2 * DELAY).accepted == 1


def test_labels_after_that_are_counted_as_late_and_kept_nowhere(memory):
    memory.ask("a", "001", at=0.0)
    memory.ask("b", "002", at=DAY)
    memory.look(DELAY)
    assert memory.label("a", at=DELAY + 1).late == 1
    assert (memory.known("answered"), memory.known("early")) == (1, 0)
    assert memory.report().drift.left_out == LeftOut(late_labels=1)


def test_an_answer_that_is_told_after_its_window_closed_for_labels_is_late_as_well(memory):
    memory.ask("a", "001", at=0.0)
    memory.ask("b", "002", at=DAY)
    memory.look(DELAY)
    memory.ask("c", "001", at=DELAY + 1)
    assert memory.label("c", at=DELAY + 2).late == 1
    assert memory.report().drift.left_out == LeftOut(late_labels=1, late_rows=1)
