"""Inputs tested by a detector of others: rows go in by the endpoint, its p-values are weighed in the monitor."""

import asyncio
import os
import sys

import numpy as np
import pytest

from tests.runtime_unit.serving.plane import Plane
from tests.support.detectors import FakeDetector
from tests.support.models import draw, make_plan
from trimtab.api.inferenceservice import Monitoring, Window
from trimtab.api.monitoring import DataMonitoring, Detector
from trimtab.drift import Profile
from trimtab.drift.watching.tested import DETECTORS, ROWS
from trimtab.serving.detector.examiner import MOST_UNSUITED, unfit
from trimtab.serving.detector.program import DetectorError, Program, UnsuitedError, licence
from trimtab.serving.detector.question import Question
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.rows import MOST_WAITING


def monitoring(detector="KSDrift"):
    data = DataMonitoring(detector=detector)
    return Monitoring(window=Window(parameter="day"), data=data, concept=None, false_alarm_rate=0.05)


@pytest.fixture
def detector():
    return FakeDetector()


@pytest.fixture
async def tested(tmp_path, versions, detector):
    """A plane whose inputs are tested by the fake."""
    plane = Plane(tmp_path / "monitor.sqlite", detector=detector)
    await plane.apply(make_plan(versions["1.0.0"], monitoring=monitoring()))
    yield plane
    await plane.close()
    del plane.monitor


async def told(plane):
    """What the monitor says once the detector has come to all that waits."""
    await plane.report()
    for _ in range(200):
        await asyncio.sleep(0)
    return await plane.report()


async def test_a_shift_is_seen_by_the_detector_dated_and_named(tested):
    await tested.live(range(1, 4), labelled=False)
    assert (await told(tested)).drift.verdict == "Stable"
    await tested.live(range(4, 12), shift=2.0, labelled=False)
    drift = (await told(tested)).drift
    assert (drift.verdict, drift.findings[0].quantity, int(drift.since)) == ("DataDrift", "delay by KSDrift, p", 4)
    assert drift.detector == "KSDrift of alibi-detect 0.11.4 (Apache-2.0)"


async def test_it_is_shown_rows_of_its_kind_and_no_more_than_it_was_said(tested, detector):
    await tested.live([1, 2], rows=300, labelled=False)
    await told(tested)
    assert [question.window.shape for question in detector.asked] == [(ROWS, 1)]


async def test_the_reference_takes_rows_in_while_all_is_quiet_and_none_in_an_alarm(tested, detector):
    await tested.live([1, 2, 3], labelled=False)
    await tested.live(range(4, 12), shift=3.0, labelled=False)
    await told(tested)
    references = [question.reference for question in detector.asked]
    assert not np.array_equal(references[0], references[1])
    assert np.array_equal(references[-2], references[-1])


async def test_without_the_detector_requests_are_answered_and_the_report_says_how_to_get_it(tested, detector):
    detector.trouble = DetectorError("KSDrift needs alibi-detect")
    await tested.live([1, 2, 3], labelled=False)
    report = await told(tested)
    assert report.detector_error == "KSDrift needs alibi-detect"
    assert (await tested.infer(draw(3)[0]))[0] == 200


async def test_windows_wait_for_a_detector_that_comes_later(tested, detector):
    detector.trouble = DetectorError("not yet")
    await tested.live([1, 2, 3], labelled=False)
    await told(tested)
    detector.trouble = None
    tested.monitor = type(tested.monitor)(str(tested.file), "", detector)
    await tested.monitor.reconfigure(tested.plan.wire())
    assert (await told(tested)).drift.windows == 2


async def test_what_the_detector_says_of_a_window_counts_also_if_it_waits_no_longer(tested, detector):
    detector.free.clear()
    await tested.live(range(1, MOST_WAITING + 4), labelled=False)
    detector.free.set()
    drift = (await told(tested)).drift
    assert (drift.windows, drift.passed_over) == (1 + MOST_WAITING, 1)


async def test_a_window_that_the_detector_cannot_use_is_not_counted(tested, detector):
    detector.trouble = UnsuitedError("one row only")
    await tested.live([1, 2], labelled=False)
    report = await told(tested)
    assert (report.drift.windows, report.drift.verdict, report.detector_error) == (0, "Unknown", None)


async def test_nor_is_one_of_which_it_has_no_p_value(tested, detector):
    detector.blind = True
    await tested.live([1, 2], labelled=False)
    assert (await told(tested)).drift.windows == 0


async def test_a_detector_that_fails_on_one_window_after_the_other_is_told_until_it_does_not(tested, detector):
    detector.trouble = UnsuitedError("one row only")
    await tested.live(range(1, MOST_UNSUITED + 2), labelled=False)
    assert "KSDrift can make nothing of window" in (await told(tested)).detector_error
    detector.trouble = None
    await tested.live([MOST_UNSUITED + 2], labelled=False)
    report = await told(tested)
    assert (report.drift.windows, report.detector_error) == (1, None)


@pytest.mark.parametrize(
    ("state", "mends"),
    [({"sample": None}, "train it again"), ({"features": []}, "choose TabularDrift"), ({}, "")],
)
def test_a_version_that_no_detector_could_test_says_so(versions, state, mends):
    plan = make_plan(versions["1.0.0"], monitoring=monitoring())
    learnt = Profile.from_json({**profile().to_json(), **state})
    assert mends in unfit(Focus(plan, learnt))
    assert bool(unfit(Focus(plan, learnt))) == bool(mends)


# ---------------------------------------------------------------- questions
def profile():
    columns, _ = draw(400)
    return Profile.build(columns, None, None)


def test_single_columns_go_as_they_are_with_the_median_where_a_number_is_missing():
    learnt, window = profile(), np.array([[np.nan, 1], [0.5, 4]], dtype=np.float32)
    question = Question.of(learnt, "TabularDrift", (learnt.sample.rows, window), "day 1")
    assert question.categories == (1,)
    assert question.window == pytest.approx(np.array([[learnt.features[0].centre, 1], [0.5, 4]]))


def test_whole_rows_go_at_comparable_distances():
    learnt, window = profile(), np.array([[np.nan, 4], [1e6, 0]], dtype=np.float32)
    question = Question.of(learnt, "MMDDrift", (learnt.sample.rows, window), "day 1")
    assert question.categories == ()
    assert question.window[:, 0] == pytest.approx([0.0, 4.0])
    assert question.window[0, 1] == 0.0
    assert np.unique(question.reference[:, 1]).size == 3


def test_the_same_window_is_asked_about_with_the_same_chance():
    learnt = profile()
    tables = (learnt.sample.rows, learnt.sample.rows[:50])
    assert (
        Question.of(learnt, "KSDrift", tables, "a").to_bytes() == Question.of(learnt, "KSDrift", tables, "a").to_bytes()
    )


def test_every_detector_that_can_be_chosen_has_a_way():
    assert set(Detector.__args__) == {"Trimtab", *DETECTORS}


# ---------------------------------------------------------------- the program
def question():
    learnt = profile()
    return Question.of(learnt, "KSDrift", (learnt.sample.rows, learnt.sample.rows[:50]), "day 1")


def script(folder, *lines):
    """Something that is started as an interpreter would be."""
    path = folder / "python"
    path.write_text("\n".join(["#!/bin/sh", *lines]))
    path.chmod(0o700)
    return path


async def test_without_an_interpreter_it_says_where_one_was_looked_for(tmp_path):
    with pytest.raises(DetectorError, match="TRIMTAB_DETECTOR_PYTHON"):
        await Program(tmp_path / "python").ask(question())


async def test_without_alibi_detect_it_says_what_cannot_be_imported():
    with pytest.raises(DetectorError, match="cannot import: ModuleNotFoundError: No module named 'alibi_detect'"):
        await Program(sys.executable).ask(question())


async def test_a_worker_that_dies_is_an_error_and_another_is_started_for_the_next_question(tmp_path):
    program = Program(script(tmp_path, 'echo \'{"version": "0.11.4"}\'', "exec 0<&-"))
    for _ in range(2):
        with pytest.raises(DetectorError, match="died"):
            await program.ask(question())


async def test_a_worker_that_does_not_answer_is_ended(tmp_path):
    program = Program(script(tmp_path, f"echo $$ > {tmp_path}/pid", "exec sleep 60"), deadline=0.2)
    with pytest.raises(DetectorError, match="did not answer"):
        await program.ask(question())
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(("version", "free"), [("0.11.4", True), ("0.12.0", False), ("0.13.0", False), ("1.0", False)])
def test_the_licence_is_told_by_release(version, free):
    assert licence(version).startswith("Apache-2.0" if free else "BSL-1.1, not free")
