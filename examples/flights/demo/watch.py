"""The watch over the loop: looks at the API server, keeps what is new, says when replayed time may go on."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from examples.flights.demo.endpoint import Tally
from examples.flights.demo.errors import DemoError
from examples.flights.demo.record import Record
from examples.flights.demo.story import Entry
from examples.flights.demo.world import World, standing_still, trouble

GLANCE = 0.25  # real seconds between two looks while time stands still


@dataclass(frozen=True)
class Moment:
    """What there is to show at one time of the replay."""

    day: date
    still: str | None
    world: World
    tally: Tally
    record: Record
    new: list[Entry]


@dataclass(frozen=True)
class Watch:
    """One watch for the whole run.

    Attributes:
        look: reads the API server.
        show: told every moment.
        patience: real seconds that replayed time may stand still.

    """

    look: Callable[[], Awaitable[World]]
    show: Callable[[Moment], None]
    record: Record
    tally: Tally
    patience: float = 300.0

    async def settled(self, day: date) -> World:
        """Wait until nothing is trained or loaded; return what was seen last.

        Raises:
            DemoError: time stood still for too long, or something failed that will not mend by itself.

        """
        clock = asyncio.get_running_loop().time
        begun = clock()
        while True:
            world = await self.look()
            still = standing_still(world)
            self.show(Moment(day, still, world, self.tally, self.record, self.record.notice(world, day)))
            if fault := trouble(world):
                raise DemoError(fault)
            if still is None:
                self.record.stood_still += clock() - begun
                return world
            if clock() > begun + self.patience:
                raise DemoError(f"time has stood still for {self.patience:g} s on {day}: {still}")
            await asyncio.sleep(GLANCE)
