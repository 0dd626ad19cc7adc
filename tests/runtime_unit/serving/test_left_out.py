"""What clients and outages do to windows, ids and labels: it is counted, and spoils nothing else."""

import sqlite3
from contextlib import closing

import pytest

from tests.runtime_unit.serving.recollection import Recollection
from tests.support.models import make_plan
from trimtab.api.inferenceservice import Monitoring, Promotion, PromotionGate, Window
from trimtab.api.monitoring import LeftOut
from trimtab.serving.memory.bounds import EARLY, make_room, sweep
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.store import Store
from trimtab.serving.tee.messages import Omitted

ERRORS = Promotion(min_requests=100, gates=[PromotionGate(metric="errors", max_increase=0.1)])


@pytest.fixture
def made(tmp_path, versions):
    """Make a memory of a service."""

    def make(candidate=None, name="m", **changes):
        plan = make_plan(versions["1.0.0"], versions.get(candidate), **changes)
        return Recollection(tmp_path / f"{name}.sqlite", plan)

    return make


# ---------------------------------------------------------------- windows
@pytest.mark.parametrize("odd", ["test", "3026-11-26"])
def test_one_odd_name_closes_no_other_window(made, odd):
    memory = made()
    memory.ask("odd", odd)
    for day in ("2026-11-26", "2026-11-27", "2026-11-28"):
        for nth in range(4):
            memory.ask(f"{day}-{nth}", day, rows=60)
    drift = memory.report().drift
    assert (drift.windows, drift.left_out) == (2, None)


def test_what_replicas_tell_after_an_outage_belongs_to_its_windows(made):
    memory = made(monitoring=Monitoring(window=Window(duration="1h")))
    for replica in ("first", "second"):
        for hour in range(4):
            memory.ask(f"{replica}-{hour}", f"{hour:03d}", at=1e6, rows=60, replica=replica)
    memory.look(1e6 + 31)
    drift = memory.report().drift
    assert (drift.windows, drift.left_out) == (3, None)


def test_rows_of_a_closed_window_are_counted_as_late(made):
    memory = made()
    for day in ("1", "2", "2", "2"):
        memory.ask(day, day)
    memory.ask("1-late", "1", rows=7)
    assert memory.report().drift.left_out == LeftOut(late_rows=7, repeated_ids=2)


def test_many_are_counted_to_two_digits_so_that_the_status_is_seldom_another(made):
    memory = made()
    memory.tell(Omitted(memory.focus.stream, "untold_rows", 98))
    assert memory.report().drift.left_out == LeftOut(untold_rows=98)
    memory.tell(Omitted(memory.focus.stream, "untold_rows", 1201))
    assert memory.report().drift.left_out == LeftOut(untold_rows=1200)


@pytest.mark.parametrize(("rows", "judged", "small"), [(49, 0, 3), (50, 3, None)])
def test_windows_with_too_few_rows_to_be_judged_are_counted(made, rows, judged, small):
    memory = made(monitoring=Monitoring(window=Window(duration="1d")))
    for day in range(4):
        memory.ask(f"{day}", f"{day:03d}", at=day * 86400.0, rows=rows)
    memory.look(4 * 86400.0)
    drift = memory.report().drift
    assert (drift.windows, drift.small_windows) == (judged, small)


def test_where_only_the_concept_is_watched_windows_are_as_large_as_their_labels_are_many(made):
    memory = made(monitoring=Monitoring(window=Window(duration="1d"), data=None))
    for day, labelled in enumerate((49, 50, 0, 50)):
        for part, rows in (("labelled", labelled), ("other", 60)):
            memory.ask(f"{part}-{day}", f"{day:03d}", at=day * 86400.0, rows=rows) if rows else None
        memory.look(day * 86400.0 + 60)
        memory.label(f"labelled-{day}", labels=[1] * labelled, at=day * 86400.0 + 60)
    drift = memory.report().drift
    assert (drift.windows, drift.small_windows) == (1, 1)


# ---------------------------------------------------------------- settings
def test_tolerances_of_features_that_the_profile_has_not_are_named(made):
    memory = made(monitoring=Monitoring(data={"tolerances": {"carrier": 0.2, "Distance": 0.2, "(prediction)": 0.2}}))
    known = {feature.name for feature in memory.focus.profile.features}
    assert "carrier" in known
    assert memory.report().unknown_features == ["Distance"]


def test_no_tolerance_is_called_unknown_while_the_profile_is_awaited(made):
    memory = made(monitoring=Monitoring(data={"tolerances": {"Distance": 0.2}}))
    memory.focus = Focus(memory.focus.plan, None)
    assert memory.report().unknown_features == []


# ---------------------------------------------------------------- comparison, where windows are numbered
def test_errors_of_the_champion_count_against_it(made):
    memory = made("1.1.0", monitoring=Monitoring(window=Window(rows=50)), promotion=ERRORS)
    for nth in range(4):
        memory.tell(memory.counted("", 50), memory.compared(f"{nth}", "", 50, champion_errors=50))
    gate = memory.report().comparison.gates[0]
    assert memory.report().comparison.windows == 3
    assert gate.estimate == -1.0


def test_requests_under_one_id_are_compared_all_the_same(made):
    memory = made("1.1.0", monitoring=Monitoring(window=Window(rows=50)), promotion=ERRORS)
    for _ in range(4):
        memory.tell(
            memory.counted("", 50), memory.answered("same", "", 50, mirrored=True), memory.compared("same", "", 50)
        )
    report = memory.report()
    assert (report.comparison.windows, report.comparison.requests) == (3, 200)
    assert report.drift.left_out == LeftOut(repeated_ids=3)


def test_another_version_may_be_asked_under_the_same_id(made, versions):
    before = made()
    before.ask("a", "1")
    after = Recollection(before.store.path, make_plan(versions["1.1.0"]))
    after.sequence = before.sequence
    after.ask("a", "1", rows=2)
    assert after.label("a", labels=(1, 0)).accepted == 1
    assert after.report().drift.left_out is None


# ---------------------------------------------------------------- labels
def test_labels_of_requests_never_heard_of_are_kept_for_some_minutes_and_counted(made):
    memory = made()
    assert memory.label("nobody", at=0.0).unknown == 1
    sweep(memory.store, memory.focus, EARLY - 1)
    assert memory.known("early") == 1
    sweep(memory.store, memory.focus, EARLY + 1)
    assert memory.known("early") == 0
    assert memory.report().drift.left_out == LeftOut(unknown_labels=1)


def test_labels_that_were_counted_and_come_again_are_not_late(made):
    memory = made()
    for request, day in (("a", "1"), ("b", "2"), ("c", "2"), ("d", "2")):
        memory.ask(request, day)
    memory.label("a", "b")
    assert memory.known("answered") == 3
    assert memory.label("a").accepted == 1
    assert memory.report().drift.left_out is None


def test_early_labels_that_do_not_fit_are_counted(made):
    memory = made()
    memory.label("a", labels=(1, 0))
    memory.ask("a", "1")
    assert memory.report().drift.left_out == LeftOut(misfit_labels=1)
    assert memory.label("a").accepted == 1


@pytest.mark.parametrize(
    ("candidate", "promotion", "kept"), [(None, Promotion(), 0), ("1.1.0", ERRORS, 0), ("1.1.0", Promotion(), 1)]
)
def test_answers_wait_for_labels_only_where_something_is_weighed_by_them(made, candidate, promotion, kept):
    memory = made(candidate, promotion=promotion, monitoring=Monitoring(window=Window(parameter="day"), concept=None))
    memory.ask("a", "1")
    assert memory.known("answered") == kept
    receipt = memory.label("a")
    assert (receipt.accepted, receipt.unused, memory.known("early")) == (kept, 1 - kept, 0)


# ---------------------------------------------------------------- bounds
def test_a_memory_that_is_full_forgets_the_answers_that_wait_longest(made, monkeypatch):
    memory = made()
    monkeypatch.setattr("trimtab.serving.memory.bounds._AT_ONCE", 2)
    for name in "abc":
        memory.ask(name, "1")
    make_room(memory.store, memory.focus, memory.store.size)
    assert memory.known("answered") == 3
    make_room(memory.store, memory.focus, memory.store.size - 1)
    assert [memory.label(name).accepted for name in "abc"] == [0, 0, 1]


def test_evidence_of_versions_long_past_is_forgotten(made):
    store = made().store
    for nth in range(20):
        with store.transaction():
            store.use([f"v{nth}"], float(nth), 16)
            for key in (f"v{nth}", f"v{nth}/scores"):
                store.put_evidence(key, {})
            store.raise_tally("rows", f"v{nth}", 1)
            store.close_window("counts", f"v{nth}", "1")
    known = [nth for nth in range(20) if store.evidence(f"v{nth}/scores") is not None]
    assert known == list(range(4, 20))
    assert [store.tally("rows", "v3"), store.last_closed("counts", "v3"), store.evidence("v3")] == [0, None, None]
    assert [store.tally("rows", "v4"), store.last_closed("counts", "v4")] == [1, "1"]


def test_what_is_asked_for_now_is_kept(made):
    memory = made("1.1.0")
    with memory.store.transaction():
        for nth in range(20):
            memory.store.use([f"v{nth}"], nth, 16)
    memory.store.put_evidence(memory.focus.pair, {"known": 1})
    sweep(memory.store, memory.focus, 100.0)
    assert memory.store.evidence(memory.focus.pair) == {"known": 1}
    assert memory.known("used") == 16


def test_answers_that_the_release_before_kept_are_taken_over(tmp_path, made):
    with closing(sqlite3.connect(tmp_path / "m.sqlite", isolation_level=None)) as file:
        file.execute(
            "CREATE TABLE requests (request TEXT PRIMARY KEY, stream TEXT, window TEXT, champion BLOB, pair TEXT, "
            "candidate BLOB, labels BLOB, awaited INTEGER, seen REAL NOT NULL)"
        )
        waits = ("a", "stream", "1", b"\0\0\0\0", None, None, None, None, 1.0)
        early = ("b", None, None, None, None, None, b"\1", None, 1.0)
        file.executemany("INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [waits, early])
    memory = made()
    assert memory.label("a").accepted == 1
    assert memory.known("early") == 1
    Store.open(tmp_path / "m.sqlite")
