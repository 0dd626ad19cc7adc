import io
import json
from datetime import date

import pytest
from rich.console import Console

from examples.flights.demo import ending, report
from examples.flights.demo.days import Batch
from examples.flights.demo.display import Lines, drawn
from examples.flights.demo.endpoint import Answer, Tally
from examples.flights.demo.record import Record
from examples.flights.demo.result import conclude, faults
from examples.flights.demo.settings import Settings
from examples.flights.demo.watch import Moment
from tests.runtime_unit.flights.worlds import condition, run, service, world

MONTHS = ["2013-03", "2013-04"]
BASELINES = {"frozen": {"2013-03": 0.6, "2013-04": 0.5}, "oracle": {"2013-03": 0.8, "2013-04": 0.7}}
DECIDED = [
    {"time": "2026-01-01T00:00:00Z", "action": action, "version": number, "run": name, "message": f"because {number}"}
    for action, number, name in (("Retrain", None, "again"), ("Promoted", "1.0.1", None), ("Rejected", "1.0.2", None))
]


@pytest.fixture
def seen():
    return world(run("again", condition("Ready"), trigger="Drift"), served=service(decisions=DECIDED))


@pytest.fixture
def record(seen, year):
    record = Record()
    for day, chances in ((date(2013, 3, 1), [0.1, 0.9]), (date(2013, 4, 1), [0.9, 0.1])):
        batch = Batch(f"{day}T06", day, year.rows(date(2013, 3, 1)).head(2), [0, 1])
        record.answers[day] = [Answer(batch, chances, "1.0.0")]
    record.notice(seen, date(2013, 4, 1))
    return record


@pytest.fixture
def result(record, seen):
    return conclude(record, seen, BASELINES, Tally(sent=10), MONTHS, 61.2)


def test_the_result_has_the_promised_form(result):
    wire = json.loads(json.dumps(result.wire()))
    assert wire["auc"] == {"frozen": [0.6, 0.5], "trimtab": [1.0, 0.0], "oracle": [0.8, 0.7]}
    assert wire["meanAuc"] == pytest.approx({"frozen": 0.55, "trimtab": 0.5, "oracle": 0.75})
    assert [wire[count] for count in ("retrainings", "promotions", "rejections")] == [1, 1, 1]
    assert (wire["requests"], wire["months"], wire["seconds"]) == ({"sent": 10, "failed": 0}, MONTHS, 61.2)
    assert [decision["action"] for decision in wire["decisions"]] == ["Retrain", "Promoted", "Rejected"]


def test_a_decision_keeps_the_replayed_day_it_was_first_seen_on(record, seen):
    assert record.notice(seen, date(2013, 4, 2)) == []
    assert {day for day, _ in record.decisions} == {date(2013, 4, 1)}


def test_a_run_that_closed_the_loop_has_no_fault(result):
    assert faults(result, Settings()) == []


def test_a_failed_request_is_a_fault(record, seen):
    tally = Tally(sent=10, failed=1, errors=["infer: 500"])
    (fault,) = faults(conclude(record, seen, BASELINES, tally, MONTHS, 1.0), Settings())
    assert fault == "1 of 10 requests failed; infer: 500"


def test_a_loop_that_did_not_close_is_a_fault():
    idle = conclude(Record(), world(), BASELINES, Tally(), MONTHS, 1.0)
    assert faults(idle, Settings()) == ["no drift was noticed, so the loop did not close"]


def test_in_a_world_that_stands_still_a_retraining_is_the_fault(result):
    idle = conclude(Record(), world(), BASELINES, Tally(), MONTHS, 1.0)
    assert faults(idle, Settings(shuffle=1)) == []
    assert faults(result, Settings(shuffle=1)) == ["the world stood still, and there were 1 retrainings"]


def printed(what):
    console = Console(file=io.StringIO(), width=160)
    what(console)
    return console.file.getvalue()


def test_the_last_screen_tells_every_decision_and_the_table(result):
    screen = printed(lambda console: ending.tell(console, result))
    for text in ("because 1.0.1", "because 1.0.2", "frozen", "0.5500", "oracle", "0.7500", "10 requests, 0 failed"):
        assert text in screen


def test_the_live_screen_shows_where_the_loop_is(record, seen):
    moment = Moment(date(2013, 4, 1), "again is training", seen, Tally(sent=7), record, [])
    screen = printed(lambda console: console.print(drawn(moment)))
    for text in ("Monday 01 April", "again is training", "1.0.0", "7 sent, 0 failed", "because 1.0.2"):
        assert text in screen


def test_a_log_gets_a_line_for_each_thing_that_is_new(record, seen):
    new = [entry for _, entry in record.decisions]

    def show(console):
        lines = Lines(console)
        for entries in (new, []):
            lines.show(Moment(date(2013, 4, 1), "again is training", seen, Tally(), record, entries))

    assert printed(show).splitlines() == [
        "01 Apr  Retrain again: because None",
        "01 Apr  Promoted 1.0.1: because 1.0.1",
        "01 Apr  Rejected 1.0.2: because 1.0.2",
        "01 Apr  time stands still: again is training",
    ]


def test_the_report_is_one_file_that_fetches_nothing(result, record, tmp_path):
    report.write(result.wire(), record.daily(), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "because 1.0.1" in page
    assert "<script src=" not in page
    assert "<link" not in page
