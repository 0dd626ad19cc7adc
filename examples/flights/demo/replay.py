"""The replay: each day asked hour by hour, labels and data a day later, time standing still while a model is made."""

import asyncio
from datetime import date

from examples.flights.demo.days import Batch, Year, labels_due
from examples.flights.demo.endpoint import Answer, Endpoint
from examples.flights.demo.landing import land
from examples.flights.demo.settings import FIRST, Settings
from examples.flights.demo.watch import Watch
from examples.flights.demo.world import World


class Replay:
    """One replay of the settings' days against an endpoint."""

    def __init__(self, settings: Settings, year: Year, endpoint: Endpoint, watch: Watch) -> None:
        self._settings, self._year, self._endpoint, self._watch = settings, year, endpoint, watch

    async def run(self) -> World:
        """Replay all days; return the world at the end, with nothing under way.

        Raises:
            DemoError: see Watch.settled.

        """
        for day in self._settings.days:
            await self._watch.settled(day)
            await self._live(day)
        return await self._watch.settled(self._settings.last)

    async def _live(self, day: date) -> None:
        """One day: its requests spread over it; at its end what is due becomes known."""
        clock = asyncio.get_running_loop().time
        begin, pace = clock(), self._settings.pace
        batches = list(self._year.batches(day))
        asked = (self._ask(batch, begin + pace * nth / len(batches)) for nth, batch in enumerate(batches))
        answers = await asyncio.gather(*asked)
        self._watch.record.answers[day] = [answer for answer in answers if answer]
        await self._tell(labels_due(day))
        await asyncio.sleep(begin + pace - clock())

    async def _ask(self, batch: Batch, at: float) -> Answer | None:
        await asyncio.sleep(at - asyncio.get_running_loop().time())
        return await self._endpoint.infer(batch)

    async def _tell(self, day: date) -> None:
        """Send the labels of a day, land its rows, score its month."""
        if day < FIRST:  # known before the replay began
            return
        await self._endpoint.feedback(list(self._year.batches(day)))
        land(self._year.rows(day), day, self._settings.data)
        self._watch.record.score(day)
