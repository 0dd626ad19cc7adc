from datetime import date

import aiohttp
import pytest

from examples.flights.demo.endpoint import Endpoint, Tally
from examples.flights.demo.errors import DemoError
from examples.flights.demo.record import Record
from examples.flights.demo.replay import Replay
from examples.flights.demo.settings import MODEL
from examples.flights.demo.watch import Watch
from tests.runtime_unit.flights.worlds import ready, training


class Looks:
    """An API server that says one world after the other, the last for ever."""

    def __init__(self, *worlds):
        self.worlds = list(worlds)
        self.asked = 0

    async def __call__(self):
        self.asked += 1
        return self.worlds.pop(0) if len(self.worlds) > 1 else self.worlds[0]


async def replayed(settings, year, url, look, patience=5.0):
    watch = Watch(look, lambda _: None, Record(), Tally(), patience)
    async with aiohttp.ClientSession() as session:
        await Replay(settings, year, Endpoint(session, url, MODEL, watch.tally), watch).run()
    return watch


async def test_days_come_in_order_and_labels_a_day_later(settings, year, fake, url):
    await replayed(settings, year, url, Looks(ready()))
    asked = [told for n, told in enumerate(fake.told) if n == 0 or told != fake.told[n - 1]]
    assert asked == [
        ("infer", "2013-03-01"),
        ("infer", "2013-03-02"),
        ("feedback", "2013-03-01"),
        ("infer", "2013-03-03"),
        ("feedback", "2013-03-02"),
        ("infer", "2013-03-04"),
        ("feedback", "2013-03-03"),
    ]


async def test_while_a_day_is_asked_only_days_whose_labels_are_due_lie_in_the_data_folder(settings, year, fake, url):
    await replayed(settings, year, url, Looks(ready()))
    assert {day: folder[-1:] for day, folder in fake.landed} == {
        "2013-03-01": [],
        "2013-03-02": [],
        "2013-03-03": ["2013-03-01"],
        "2013-03-04": ["2013-03-02"],
    }


async def test_time_stands_still_while_a_model_is_trained(settings, year, fake, url):
    look = Looks(ready(), ready(), training(), training(), ready())
    seen = []
    watch = Watch(look, lambda moment: seen.append((str(moment.day), moment.still, len(fake.told))), Record(), Tally())
    async with aiohttp.ClientSession() as session:
        await Replay(settings, year, Endpoint(session, url, MODEL, watch.tally), watch).run()
    still = [(day, told) for day, reason, told in seen if reason == "flight-delay-again is training"]
    assert still == [("2013-03-03", still[0][1])] * 2


async def test_time_that_never_goes_on_ends_the_replay_and_says_why(settings, year, url):
    with pytest.raises(DemoError, match=r"time has stood still for 0 s on 2013-03-01: flight-delay-again is training"):
        await replayed(settings, year, url, Looks(training()), patience=0.0)


async def test_failed_requests_are_counted_and_not_sent_again(settings, year, fake, url):
    fake.broken = True
    watch = await replayed(settings, year, url, Looks(ready()))
    assert (watch.tally.sent, watch.tally.failed) == (12 + 3, 12)
    assert "500" in watch.tally.errors[0]
    assert len([told for told in fake.told if told[0] == "infer"]) == 12


async def test_an_endpoint_that_is_gone_is_a_failure_of_each_request(settings, year):
    watch = await replayed(settings, year, "http://127.0.0.1:9", Looks(ready()))
    assert watch.tally.failed == watch.tally.sent == 15


async def test_a_month_is_scored_on_the_days_whose_labels_are_due(settings, year, url):
    watch = await replayed(settings, year, url, Looks(ready()))
    assert watch.record.months == {"2013-03": 0.5}
    assert sorted(watch.record.answers) == [date(2013, 3, day) for day in (1, 2, 3, 4)]
