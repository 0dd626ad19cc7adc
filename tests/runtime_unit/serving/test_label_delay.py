"""Labels whose delay depends on what they say: a window that waits for all of them is not biased by the quick ones."""

import pytest

from tests.runtime_unit.serving.recollection import Recollection
from tests.support.models import make_plan
from trimtab.api.inferenceservice import ConceptMonitoring, Monitoring, Window
from trimtab.api.monitoring import LeftOut
from trimtab.serving.memory.bounds import RETENTION, make_room, sweep

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


# ---------------------------------------------------------------- bounds
@pytest.fixture
def made(tmp_path, versions):
    """Make a memory that waits so long for labels."""

    def make(delay=None, window=None):
        concept = ConceptMonitoring(label_delay=delay)
        monitoring = Monitoring(window=window or Window(duration="1d"), concept=concept)
        return Recollection(tmp_path / f"{delay}.sqlite", make_plan(versions["1.0.0"], monitoring=monitoring))

    return make


def swept(memory, at):
    memory.look(at)
    with memory.store.transaction():
        sweep(memory.store, memory.focus, at)


@pytest.mark.parametrize("delay", [7, 30, 45])
def test_labels_in_time_are_weighed_however_long_the_delay_is(made, delay):
    memory, days = made(f"{delay}d"), 60
    for hour in range(0, days * 24, 6):
        memory.ask(f"{hour}", f"{hour // 24:03d}", at=hour * HOUR)
        memory.label(f"{hour - 48}", at=hour * HOUR) if hour >= 48 else None
        swept(memory, hour * HOUR)
    weighed = days - delay
    assert memory.store.tally("labelled", memory.focus.stream) == weighed * 4
    assert memory.report().drift.left_out is None


@pytest.mark.parametrize("delay", [None, "2d"])
def test_labels_wait_for_the_end_of_a_window_however_late_it_comes(made, delay):
    memory = made(delay, Window(parameter="month"))
    for month in range(4):
        at = month * 40 * DAY
        for nth in range(3):
            memory.ask(f"{month}-{nth}", f"{month}", at=at)
        swept(memory, at + HOUR)
        memory.label(*(f"{month}-{nth}" for nth in range(3)), at=at + DAY)
        swept(memory, at + 39 * DAY)
    assert memory.store.tally("labelled", memory.focus.stream) == 9
    assert memory.report().drift.left_out is None


def test_an_answer_without_labels_is_kept_for_thirty_days_and_missed_only_where_labels_are_sent(made):
    silent, labelled = made(), made("1h")
    for memory in (silent, labelled):
        memory.ask("a", "001", at=0.0)
    swept(silent, RETENTION)
    assert silent.known("answered") == 1
    swept(silent, RETENTION + 1)
    swept(labelled, RETENTION + HOUR + 1)
    assert [memory.known("answered") for memory in (silent, labelled)] == [0, 0]
    assert silent.report().drift.left_out is None
    assert labelled.report().drift.left_out == LeftOut(forgotten_rows=1)


def test_answers_of_a_version_that_is_watched_no_longer_are_forgotten_with_their_labels(made, versions):
    before = made()
    before.ask("a", "001", at=0.0)
    before.label("a", at=HOUR)
    after = Recollection(before.store.path, make_plan(versions["1.1.0"]))
    swept(after, RETENTION + 1)
    assert after.known("answered") == 0


def test_labels_that_a_full_memory_forgets_are_told(made):
    memory = made()
    memory.ask("a", "001", rows=3)
    memory.label("a", labels=(0, 1, 0))
    make_room(memory.store, memory.focus, 0)
    assert memory.report().drift.left_out == LeftOut(forgotten_rows=3)


def test_that_a_full_memory_forgot_labels_before_they_came_is_told(made):
    memory = made()
    memory.ask("a", "001", rows=3)
    memory.ask("b", "001", rows=4)
    make_room(memory.store, memory.focus, 0)
    assert memory.report().drift.left_out is None
    memory.store.raise_tally("unknown_labels", memory.focus.stream, 1)
    memory.ask("c", "001", rows=5)
    make_room(memory.store, memory.focus, 0)
    assert memory.report().drift.left_out == LeftOut(unknown_labels=1, forgotten_rows=5)
