"""What the monitor remembers, seen from outside: requests and labels go in by the endpoint, a report comes out."""

import sqlite3
import time
from contextlib import closing

import numpy as np
import pytest

from tests.runtime_unit.serving.plane import Plane
from tests.support.models import draw, make_plan
from trimtab.api.inferenceservice import Monitoring, Promotion, PromotionGate, Window
from trimtab.api.monitoring import LeftOut
from trimtab.drift import WindowCounts
from trimtab.serving.monitor import Monitor
from trimtab.serving.oip.feedback import Feedback
from trimtab.serving.tee.messages import Answered, Batch, Counted


def batch(sequence, *notes, replica="r"):
    return Batch(replica, sequence, notes)


def in_file(plane, statement: str, *values):
    """Look into the monitor's file, or tamper with it."""
    with closing(sqlite3.connect(plane.file, isolation_level=None)) as file:
        return file.execute(statement, values).fetchone()


def rows_counted(plane) -> int:
    """Rows of inputs in all open windows."""
    return in_file(plane, "SELECT coalesce(sum(rows), 0) FROM open WHERE kind = 'counts'")[0]


def requests_known(plane) -> int:
    return in_file(plane, "SELECT count(*) FROM answered")[0]


# ---------------------------------------------------------------- windows
async def test_a_window_is_judged_when_a_later_one_begins(plane):
    await plane.live([1], labelled=False)
    assert (await plane.report()).drift.windows == 0
    await plane.live([2], labelled=False)
    assert (await plane.report()).drift.windows == 1


async def test_a_labelled_window_is_closed_when_labels_of_a_later_one_arrive(plane):
    await plane.live([1, 2])
    report = await plane.report()
    assert report.drift.label_coverage == 1.0
    assert requests_known(plane) == 1


async def test_labels_count_in_the_window_of_their_request(plane):
    await plane.live([1, 2, 3], labelled=False)
    await plane.label("day-1", draw(100, seed=1)[1])
    await plane.label("day-3", draw(100, seed=3)[1])
    assert (await plane.report()).drift.label_coverage == 0.5


async def test_labels_that_come_after_their_window_closed_are_uncovered(plane):
    await plane.live([1], labelled=False)
    await plane.live([2])
    await plane.label("day-1", draw(100, seed=1)[1])
    await plane.live([3])
    assert (await plane.report()).drift.label_coverage == 0.5


async def test_labels_may_come_before_the_monitor_heard_of_their_request(plane):
    columns, truth = draw(100, seed=1)
    await plane.label("early", truth)
    await plane.infer(columns, id="early", parameters={"day": 1})
    await plane.settle()
    await plane.live([2])
    assert (await plane.report()).drift.label_coverage == 1.0


async def test_labels_that_are_not_one_for_each_row_cover_nothing(plane):
    await plane.live([1], labelled=False)
    await plane.label("day-1", [1, 0])
    await plane.live([2])
    assert (await plane.report()).drift.label_coverage == 0.0


async def test_a_request_that_names_no_window_is_answered_and_not_watched(plane):
    status, _ = await plane.infer(draw(10)[0])
    await plane.settle()
    assert (status, rows_counted(plane), requests_known(plane)) == (200, 0, 0)


async def test_rows_for_a_closed_window_are_left_out(plane):
    await plane.live([1, 3], labelled=False)
    await plane.live([1, 2], labelled=False)
    await plane.live([4], labelled=False)
    assert (await plane.report()).drift.windows == 3


async def test_windows_by_rows_close_when_they_are_full(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], monitoring=Monitoring(window=Window(rows=200))))
    for number in range(5):
        columns, truth = draw(100, seed=number)
        await plane.infer(columns, id=f"r{number}")
        await plane.settle()
        await plane.label(f"r{number}", truth)
    report = await plane.report()
    assert report.drift.windows == 2
    assert report.drift.label_coverage == 1.0
    assert rows_counted(plane) == 100


async def test_requests_that_name_no_window_are_counted_for_the_version(plane):
    for parameters in ({}, {"day": 1.5}, {"day": "\ud800"}, {"day": 10**20}):
        assert (await plane.infer(draw(2)[0], parameters=parameters))[0] == 200
    await plane.live([1], labelled=False)
    assert (await plane.report()).drift.left_out == LeftOut(requests_without_window=4)


async def test_feedback_is_told_what_became_of_each_request(plane):
    await plane.infer(draw(2)[0], id="slow", parameters={"day": 1})
    await plane.live([1], labelled=False)
    status, receipt = await plane.feedback({"day-1": draw(100, seed=1)[1], "nobody": [1]})
    assert (status, receipt) == (200, {"accepted": 1, "unknown": 1, "late": 0, "misfit": 0, "unused": 0})
    await plane.live([2])
    receipt = (await plane.feedback({"slow": [1, 0], "day-2": [1]}))[1]
    assert (receipt["late"], receipt["misfit"]) == (1, 1)
    assert (await plane.report()).drift.left_out == LeftOut(late_labels=1, misfit_labels=1)


async def test_labels_that_are_sent_again_are_accepted_and_count_once(plane):
    await plane.live([1], labelled=False)
    truth = draw(100, seed=1)[1]
    for _ in range(2):
        assert (await plane.feedback({"day-1": truth}))[1]["accepted"] == 1
    await plane.live([2])
    assert (await plane.report()).drift.label_coverage == 1.0


# ---------------------------------------------------------------- verdicts
async def test_a_world_as_it_was_is_stable(plane):
    await plane.live(range(20), rows=200)
    report = await plane.report()
    assert (report.drift.verdict, report.drift_version, report.consecutive_windows) == ("Stable", "1.0.0", 0)


async def test_inputs_that_moved_are_named(plane):
    await plane.live(range(10), rows=200, labelled=False)
    await plane.live(range(10, 30), rows=200, shift=2.0, labelled=False)
    report = await plane.report()
    assert report.drift.verdict == "DataDrift"
    assert report.drift.findings[0].quantity.startswith("delay")
    assert report.drift.since == str(10).zfill(20)
    assert report.consecutive_windows > 2


async def test_labels_that_turned_are_concept_drift(plane):
    for day in range(30):
        columns, truth = draw(200, seed=day)
        await plane.infer(columns, id=f"d{day}", parameters={"day": day})
        await plane.settle()
        await plane.label(f"d{day}", 1 - truth if day >= 10 else truth)
    report = await plane.report()
    assert report.drift.verdict == "ConceptDrift"
    assert report.drift.findings[0].quantity == "loss"


async def test_both_alarms_are_told_with_their_counts_the_graver_first(plane):
    for day in range(30):
        columns, truth = draw(200, seed=day, shift=2.0 if day >= 5 else 0.0)
        await plane.infer(columns, id=f"d{day}", parameters={"day": day})
        await plane.settle()
        await plane.label(f"d{day}", 1 - truth if day >= 10 else truth)
    report = await plane.report()
    concept, data = report.alarms
    assert (concept.drift.verdict, concept.consecutive_windows) == ("ConceptDrift", report.consecutive_windows)
    assert (data.drift.verdict, data.consecutive_windows > 2) == ("DataDrift", True)
    assert (concept.drift.since, data.drift.findings[0].quantity[:5]) == (report.drift.since, "delay")


async def test_without_a_profile_nothing_is_concluded(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"].model_copy(update={"profile": None})))
    await plane.live(range(4))
    report = await plane.report()
    assert (report.drift.verdict, report.drift.windows, report.drift.label_coverage) == ("Unknown", 0, 1.0)


# ---------------------------------------------------------------- comparison
QUICK = Promotion(min_requests=100, gates=[PromotionGate(metric="loss", margin=0.01), PromotionGate(metric="errors")])


async def test_a_worse_candidate_fails_by_its_loss(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.2.0"], promotion=QUICK))
    await plane.live(range(40))
    comparison = (await plane.report()).comparison
    assert (comparison.version, comparison.dropped) == ("1.2.0", 0)
    assert (comparison.requests, comparison.labelled, comparison.windows) == (4000, 3900, 39)
    assert {gate.metric: gate.verdict for gate in comparison.gates} == {"loss": "Fail", "errors": "Pass"}
    assert comparison.better is False


async def test_a_better_candidate_passes(plane, versions):
    await plane.apply(make_plan(versions["1.2.0"], versions["1.0.0"], promotion=QUICK))
    await plane.live(range(40))
    comparison = (await plane.report()).comparison
    assert {gate.verdict for gate in comparison.gates} == {"Pass"}
    assert comparison.better is True


async def test_a_window_is_weighed_alike_whole_and_in_parts(tmp_path, versions, monkeypatch):
    reports = []
    for most in (1000, 2):
        monkeypatch.setattr("trimtab.serving.memory.answers._PART", most)
        plane = Plane(tmp_path / f"{most}.sqlite")
        await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
        for nth in range(5):
            await plane.infer(draw(60, seed=nth)[0], id=f"{nth}", parameters={"day": 1})
        await plane.settle()
        await plane.feedback({f"{nth}": draw(60, seed=nth)[1] for nth in (0, 1, 4)})
        await plane.live([2])
        reports.append(await plane.report())
        await plane.close()
    assert reports[0] == reports[1]
    assert (reports[0].drift.label_coverage, reports[0].comparison.labelled) == (0.6, 180)


async def test_without_a_gate_that_needs_labels_windows_of_answers_are_counted(plane, versions):
    promotion = Promotion(gates=[PromotionGate(metric="errors", max_increase=0.1)])
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"], promotion=promotion))
    await plane.live(range(4), labelled=False)
    comparison = (await plane.report()).comparison
    assert (comparison.labelled, comparison.windows) == (0, 3)


async def test_another_candidate_is_compared_anew(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.2.0"]))
    await plane.live(range(3))
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
    comparison = (await plane.report()).comparison
    assert (comparison.version, comparison.requests, comparison.labelled) == ("1.1.0", 0, 0)


async def test_without_a_candidate_there_is_no_comparison(plane):
    assert (await plane.report()).comparison is None


async def test_labels_that_come_at_once_wait_for_the_candidate(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
    for day in range(3):
        columns, truth = draw(100, seed=day)
        await plane.infer(columns, id=f"{day}", parameters={"day": day})
        await plane.label(f"{day}", truth)
    await plane.settle()
    assert (await plane.report()).comparison.labelled == 200


async def test_labels_do_not_wait_for_a_candidate_that_never_answers(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
    plane.shadow = None
    await plane.live(range(3))
    assert (await plane.report()).drift.label_coverage == 1.0


# ---------------------------------------------------------------- versions
async def test_a_new_champion_is_watched_from_the_beginning_by_its_own_profile(plane, versions):
    await plane.live(range(5))
    await plane.apply(make_plan(versions["1.1.0"]))
    report = await plane.report()
    assert (report.champion.version, report.drift_version, report.drift.windows) == ("1.1.0", "1.1.0", 0)
    await plane.live(range(5, 8))
    assert (await plane.report()).drift.windows == 2


async def test_evidence_about_a_version_is_kept_for_when_it_comes_back(plane, versions):
    await plane.live(range(5))
    before = await plane.report()
    await plane.apply(make_plan(versions["1.1.0"]))
    await plane.live(range(5, 8))
    await plane.apply(make_plan(versions["1.0.0"]))
    assert await plane.report() == before


async def test_other_settings_begin_new_evidence(plane, versions):
    await plane.live(range(5))
    await plane.apply(make_plan(versions["1.0.0"], monitoring=Monitoring(window=Window(parameter="hour"))))
    assert (await plane.report()).drift.windows == 0


# ---------------------------------------------------------------- death and replay
async def test_a_killed_monitor_forgets_nothing(plane, versions):
    await plane.apply(make_plan(versions["1.0.0"], versions["1.1.0"]))
    await plane.live(range(5))
    before = await plane.report()
    await plane.restart_monitor()
    assert await plane.report() == before
    await plane.live([5, 6])
    after = await plane.report()
    assert after.drift.windows == before.drift.windows + 2
    assert after.comparison.labelled == before.comparison.labelled + 200


async def test_a_request_told_before_the_death_is_labelled_after_it(plane):
    await plane.live([1], labelled=False)
    await plane.restart_monitor()
    await plane.label("day-1", draw(100, seed=1)[1])
    await plane.live([2])
    assert (await plane.report()).drift.label_coverage == 1.0


async def test_a_batch_sent_twice_counts_once(plane):
    stream = plane.host.stream
    none = WindowCounts(3, np.zeros(0, dtype=np.int64))
    for _ in range(2):
        await plane.monitor.take(batch(1, Counted(stream, "w", none)))
    assert rows_counted(plane) == 3
    await plane.restart_monitor()
    await plane.monitor.take(batch(1, Counted(stream, "w", none)))
    await plane.monitor.take(batch(1, Counted(stream, "w", none), replica="another"))
    assert rows_counted(plane) == 6


async def test_a_batch_that_makes_no_sense_is_left_out_whole(plane):
    stream = plane.host.stream
    good, other = (WindowCounts(3, np.zeros(size, dtype=np.int64)) for size in (2, 5))
    taken = await plane.monitor.take(batch(1, Counted(stream, "w", good), Counted(stream, "w", other)))
    assert (taken, rows_counted(plane)) == (True, 0)


async def test_a_batch_is_written_whole_or_not_at_all(plane):
    in_file(plane, "CREATE TRIGGER full BEFORE INSERT ON answered BEGIN SELECT RAISE(ABORT, 'full'); END")
    stream = plane.host.stream
    notes = Counted(stream, "w", WindowCounts(3, np.zeros(0, dtype=np.int64))), Answered("a", stream, "w", b"\0" * 12)
    with pytest.raises(sqlite3.Error):
        await plane.monitor.take(batch(1, *notes))
    assert rows_counted(plane) == 0
    in_file(plane, "DROP TRIGGER full")
    await plane.monitor.take(batch(1, *notes))
    assert (rows_counted(plane), requests_known(plane)) == (3, 1)


async def test_requests_that_wait_too_long_for_labels_are_forgotten(plane):
    for name, days in (("old", 31), ("young", 29)):
        values = name, plane.host.stream, "w", b"", 0, time.time() - days * 86400
        in_file(plane, "INSERT INTO answered VALUES (?, ?, ?, ?, NULL, NULL, NULL, ?, ?)", *values)
    await plane.monitor.take(batch(1))
    assert requests_known(plane) == 1


async def test_a_plan_of_another_release_leaves_the_monitor_at_work(plane):
    await plane.live(range(3))
    await plane.monitor.reconfigure({"plan": "of another kind"})
    assert (await plane.report()).drift.windows == 2


async def test_labels_are_refused_while_there_is_no_plan(tmp_path):
    monitor = Monitor(str(tmp_path / "m.sqlite"))
    with pytest.raises(RuntimeError, match="was not given a plan"):
        await monitor.label([Feedback("a", b"\1")])
